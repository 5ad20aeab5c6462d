"""`adjustments`: a start, and written additions and deductions, each capped on its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from workflow.numbers import EXACT, Exact, Rounding, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import NOT_A_DAY, list_at, mapping, number_at, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import (
    IS_REQUIRED,
    MUST_BE_ONE_OF,
    MUST_BE_TEXT,
    UNKNOWN_KEY,
    Code,
    NotNegative,
    Part,
    Positive,
    Text,
)
from workflow.scoring.periods import PeriodError, parse_day
from workflow.scoring.rules.base import Clamp, Evaluate, ItemContext, Rule, check_limits, signed
from workflow.wording import Language, Phrase

ENTRY_KEYS = frozenset({"on", "reason", "count", "points", "cause", "evidence"})

PLAIN_KEYS = 3
ZERO = Decimal(0)

EACH_OR_STEP = Phrase("each 与 step 只能有一个", "stands beside each; only one of the two may be given")
NO_AMOUNT = Phrase("须有 each、step 或带分值的事由之一", "needs one of each, step, or causes with points")
CAUSE_TWICE = Phrase("事由代码重复", "is used twice")
REASON_OR_CAUSE = Phrase("必须说明理由或事由", "needs a reason or a cause")
COUNT_OR_POINTS = Phrase("次数与分值只能给一个", "stands beside points; only one of count and points may be given")
COUNT_WHOLE = Phrase("次数必须是不小于 1 的整数", "must be a whole number of 1 or more")
NO_FREE_POINTS = Phrase("本项目按次计分,不能直接给分值", "can't be given here: every occurrence counts a fixed amount")
NEEDS_POINTS = Phrase("必须给出分值", "needs points")
OFF_STEP = Phrase("必须是 {step} 的整数倍", "must be a multiple of {step}")
STARTS = Phrase("起始 {start} 分", "starts at {start}")
EACH = Phrase(";每次 {each} 分", "; {each} for each occurrence")
STEP = Phrase(";加减分以 {step} 分为单位", "; additions and deductions in steps of {step}")
BONUS_MAX = Phrase(";加分至多 {max} 分", "; additions of at most {max}")
DEDUCTION_MAX = Phrase(";扣分至多 {max} 分", "; deductions of at most {max}")
CAUSES = Phrase(";{causes}", "; {causes}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Part):
    """A named reason for an adjustment; its points, where given, stand in place of the rule's `each`."""

    code: Code
    title: Text
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentsRule(Rule):
    """Start, plus additions (at most `bonus_max`), minus deductions (at most `deduction_max`), then clamped.

    The caps hold for the additions and the deductions, not for the sum (source: 95595 method, ch. 1 § 4).
    """

    kind: ClassVar[str] = "adjustments"
    keys: ClassVar[frozenset[str]] = frozenset({"adjustments"})

    start: Decimal = Decimal(0)
    min: Decimal | None = None
    max: Decimal | None = None
    bonus_max: NotNegative | None = None
    deduction_max: NotNegative | None = None
    each: Decimal | None = None
    step: Positive | None = None
    causes: tuple[Cause, ...] = ()

    def check(self) -> None:
        """One way to know the amount of an occurrence, and each cause once."""
        check_limits(self.min, self.max)
        if self.each is not None and self.step is not None:
            raise SchemeError("step", EACH_OR_STEP)
        if self.each is None and self.step is None and not self._amounts:
            raise SchemeError("each", NO_AMOUNT)
        codes = [cause.code for cause in self.causes]
        for place, code in enumerate(codes):
            if code in codes[:place]:
                raise SchemeError(f"causes[{place}].code", CAUSE_TWICE)

    @property
    def _amounts(self) -> tuple[Decimal, ...]:
        """The fixed amounts that an occurrence may count."""
        amounts = [self.each, *(cause.points for cause in self.causes)]
        return tuple(amount for amount in amounts if amount is not None)

    @property
    def most(self) -> Decimal | None:
        """The start plus the most that additions can give; None where nothing bounds them."""
        can_add = self.step is not None or any(amount > 0 for amount in self._amounts)
        bonus = self.bonus_max if can_add else Decimal(0)
        reached = None if bonus is None else EXACT.add(self.start, bonus)
        return Clamp(min=self.min, max=self.max).most(reached)

    def compile(self, _: Rounding, /) -> Evaluate:
        """The additions and deductions of the written entries, each capped, then the limits."""
        clamp = Clamp(min=self.min, max=self.max)
        causes = {cause.code: cause for cause in self.causes}
        read_plain = self._plain_reader()

        @lru_cache(maxsize=1024)
        def settle(additions: Decimal, deductions: Decimal) -> Exact:
            return self._sum(additions, deductions, clamp, None)

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            entries = _entries(data)
            if entries is None:
                return Missing.NO_INPUT
            if trace is not None and not entries:
                trace.add("nothing")
            additions = deductions = ZERO
            for place, entry in enumerate(entries):
                amount = read_plain(entry) if trace is None else None
                if amount is None:
                    amount = self._located_amount(place, entry, causes, trace)
                if amount > ZERO:
                    additions += amount
                else:
                    deductions -= amount
            return settle(additions, deductions) if trace is None else self._sum(additions, deductions, clamp, trace)

        return evaluate

    def _plain_reader(self) -> Callable[[Any], Decimal | None]:
        """Reads the plainest entry, a day, a reason and free points as text; None for any other, to be read with care."""
        if self.step is None:
            return lambda _: None

        @lru_cache(maxsize=4096)
        def amount_of(on: object, points: object) -> Decimal | None:
            if not (isinstance(on, str) and isinstance(points, str) and _is_day(on)):
                return None
            try:
                return self._free_points({"points": points})
            except InputError:
                return None

        def read_plain(entry: Any) -> Decimal | None:
            try:
                on, reason, points = entry["on"], entry["reason"], entry["points"]
                is_plain = len(entry) == PLAIN_KEYS and reason.__class__ is str and reason.strip()
                return amount_of(on, points) if is_plain else None
            except (KeyError, TypeError):  # a key that is not there, no mapping, or a value that is no text
                return None

        return read_plain

    def _located_amount(self, place: int, entry: object, causes: Mapping[str, Cause], trace: Trace | None) -> Decimal:
        try:
            return self._amount(entry, causes, trace)
        except InputError as error:
            raise error.under(f"adjustments[{place}]") from None

    def _amount(self, entry: object, causes: Mapping[str, Cause], trace: Trace | None) -> Decimal:
        """The signed amount of one written entry, checked."""
        fields = entry if isinstance(entry, dict) else mapping(entry)
        if not fields.keys() <= ENTRY_KEYS:
            raise InputError(str(next(key for key in fields if key not in ENTRY_KEYS)), UNKNOWN_KEY)
        _check_day(fields.get("on"))
        cause = None if fields.get("cause") is None else _cause(fields, causes)
        reason = fields.get("reason")
        if reason is not None or cause is None:
            reason = text_at(fields, "reason", REASON_OR_CAUSE)
        if fields.get("evidence") is not None:
            _check_evidence(fields)
        points = fields.get("points")
        each = Decimal(1) if points is not None else self._each(cause)
        factor = self._free_points(fields) if points is not None else _count(fields)
        if trace is not None:
            _note(fields, cause, factor, None if points is not None else each, trace)
        return factor * each

    def _free_points(self, fields: Mapping[str, Any]) -> Decimal:
        if fields.get("count") is not None:
            raise InputError("count", COUNT_OR_POINTS)
        if self.step is None:
            raise InputError("points", NO_FREE_POINTS)
        points = number_at(fields, "points")
        if points % self.step:
            raise InputError("points", OFF_STEP, step=plain(self.step))
        return points

    def _each(self, cause: Cause | None) -> Decimal:
        each = self.each if cause is None or cause.points is None else cause.points
        if each is None:
            raise InputError("points", NEEDS_POINTS)
        return each

    def worth(self, cause: str | None, count: int | None, points: Decimal | None) -> Decimal:
        """The signed points of an entry that this rule has taken: as given, or the fixed amount for each occurrence."""
        if points is not None:
            return points
        found = next((each for each in self.causes if each.code == cause), None)
        return self._each(found) * (count or 1)

    def _sum(self, additions: Decimal, deductions: Decimal, clamp: Clamp, trace: Trace | None) -> Exact:
        added = additions if self.bonus_max is None else min(additions, self.bonus_max)
        taken = deductions if self.deduction_max is None else min(deductions, self.deduction_max)
        points = self.start + added - taken
        if trace is not None:
            trace.add("start", start=self.start)
            _note_side("additions", additions, added, trace)
            _note_side("deductions", deductions, taken, trace)
            expression = f"{plain(self.start)} + {plain(added)} - {plain(taken)}"
            trace.add("arithmetic", expression=expression, result=points)
        return clamp.apply(points, trace)

    def describe(self, language: Language) -> str:
        """The start, the amounts, the caps and the limits."""
        optional = ((EACH, "each", self.each), (STEP, "step", self.step))
        caps = ((BONUS_MAX, "max", self.bonus_max), (DEDUCTION_MAX, "max", self.deduction_max))
        said = [STARTS.say(language, start=plain(self.start))]
        said += [
            phrase.say(language, **{key: plain(value)}) for phrase, key, value in optional + caps if value is not None
        ]
        if self.causes:
            named = [f"{cause.title} {signed(cause.points)}" for cause in self.causes if cause.points is not None]
            said.append(CAUSES.say(language, causes=(", " if language is Language.EN else "、").join(named)))
        return "".join(said) + Clamp(min=self.min, max=self.max).describe(language)


def _entries(data: Mapping[str, Any]) -> Sequence[Any] | None:
    """The list of written entries; None where nothing was put in."""
    if len(data) != 1 or data.get("adjustments").__class__ is not list:
        data = present(data, AdjustmentsRule.keys)
        return list_at(data, "adjustments") if data else None
    return data["adjustments"]  # type: ignore[no-any-return]  # seen to be a list above


@lru_cache(maxsize=4096)
def _is_day(label: str) -> bool:
    try:
        parse_day(label)
    except PeriodError:
        return False
    return True


def _check_day(label: object) -> None:
    if label is None:
        raise InputError("on", IS_REQUIRED)
    if not isinstance(label, str) or not _is_day(label):
        raise InputError("on", NOT_A_DAY)


def _cause(fields: Mapping[str, Any], causes: Mapping[str, Cause]) -> Cause:
    code = text_at(fields, "cause")
    if code not in causes:
        raise InputError("cause", MUST_BE_ONE_OF, choices=" / ".join(causes))
    return causes[code]


def _count(fields: Mapping[str, Any]) -> Decimal:
    if fields.get("count") is None:
        return Decimal(1)
    count = number_at(fields, "count")
    if count < 1 or count % 1:
        raise InputError("count", COUNT_WHOLE)
    return count


def _check_evidence(fields: Mapping[str, Any]) -> None:
    """Evidence is one reference or a list of them, as text."""
    evidence = fields["evidence"]
    for reference in evidence if isinstance(evidence, list) else [evidence]:
        if not isinstance(reference, str) or not reference.strip():
            raise InputError("evidence", MUST_BE_TEXT)


def _note(fields: Mapping[str, Any], cause: Cause | None, factor: Decimal, each: Decimal | None, trace: Trace) -> None:
    said = [text for text in (None if cause is None else cause.title, fields.get("reason")) if text]
    reason = ": ".join(said)
    if each is None:
        trace.add("adjustment", how="points", on=fields["on"], points=signed(factor), reason=reason)
    else:
        points = signed(factor * each)
        trace.add("adjustment", how="count", on=fields["on"], count=factor, each=each, points=points, reason=reason)


def _note_side(step: str, total: Decimal, counted: Decimal, trace: Trace) -> None:
    if total != counted:
        trace.add(step, how="capped", points=total, max=counted)
    else:
        trace.add(step, how="full", points=total)

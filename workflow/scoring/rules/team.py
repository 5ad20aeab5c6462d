"""`team`: the mean of what the members of a team got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from workflow.numbers import EXACT, Exact, Rounding, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import list_at, mapping, mapping_at, number_at, present
from workflow.scoring.missing import Missing
from workflow.scoring.parts import MUST_NOT_BE_EMPTY, Code, Positive, Reader
from workflow.scoring.rules.base import Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

TOTAL = "total"
OF_WHAT = Phrase("必须是 total 或若干部分的代码", "must be total or a list of section codes")
MEMBER_KEYS = frozenset({"subject", "total", "sections"})
DESCRIBED_TOTAL = Phrase("成员总分的均值 ÷ {out_of} × {full} 分", "mean of the members' totals ÷ {out_of} × {full}")
DESCRIBED_SECTIONS = Phrase(
    "成员 {sections} 部分得分之和的均值 ÷ {out_of} × {full} 分",
    "mean of the members' points in {sections} ÷ {out_of} × {full}",
)


def _read_of(data: object) -> str | tuple[str, ...]:
    if data == TOTAL:
        return TOTAL
    if not isinstance(data, list | tuple) or not all(isinstance(code, str) for code in data):
        raise SchemeError("", OF_WHAT)
    if not data:
        raise SchemeError("", MUST_NOT_BE_EMPTY)
    return tuple(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRule(Rule):
    """Mean of the members' totals, or of their sections, ÷ `out_of` × `full` (source: 10086 值班长, 二(一))."""

    kind: ClassVar[str] = "team"
    keys: ClassVar[frozenset[str]] = frozenset({"members"})
    derived_from: ClassVar[str | None] = "members"

    of: Annotated[str | tuple[str, ...], Reader(_read_of)]
    out_of: Positive
    full: Positive
    schemes: tuple[Code, ...] = ()

    @property
    def most(self) -> Decimal:
        """Full marks, when every member has full marks."""
        return self.full

    def compile(self, _: Rounding, /) -> Evaluate:
        """The mean over the members; a member without a value leaves the item open."""

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            data = present(data, self.keys)
            if not data:
                return Missing.NO_INPUT
            values = self._values(list_at(data, "members"))
            known = [value for value in values if value is not None]
            if not known or len(known) < len(values):
                return Missing.MEMBERS_OPEN
            total = sum(known, Decimal(0))
            points = multiply(self.full, divide(total, EXACT.multiply(Decimal(len(known)), self.out_of)))
            if trace is not None:
                self._note(known, total, points, trace)
            return points

        return evaluate

    def _values(self, members: Sequence[Any]) -> list[Decimal | None]:
        values = []
        for place, member in enumerate(members):
            try:
                values.append(self._value(present(mapping(member), MEMBER_KEYS)))
            except InputError as error:
                raise error.under(f"members[{place}]") from None
        return values

    def _value(self, member: Mapping[str, Any]) -> Decimal | None:
        """What counts of one member; None while the member's card has no such result yet."""
        if isinstance(self.of, str):
            return number_at(member, TOTAL) if TOTAL in member else None
        sections = mapping_at(member, "sections") if "sections" in member else {}
        if any(sections.get(code) is None for code in self.of):
            return None
        try:
            return sum((number_at(sections, code) for code in self.of), Decimal(0))
        except InputError as error:
            raise error.under("sections") from None

    def _note(self, values: Sequence[Decimal], total: Decimal, points: Exact, trace: Trace) -> None:
        mean = divide(total, Decimal(len(values)))
        if isinstance(self.of, str):
            trace.add("members", how="total", total=total, count=len(values), mean=mean)
        else:
            codes = "+".join(self.of)
            trace.add("members", how="sections", sections=codes, total=total, count=len(values), mean=mean)
        expression = f"{plain(total)} ÷ {len(values)} ÷ {plain(self.out_of)} × {plain(self.full)}"
        trace.add("arithmetic", expression=expression, result=points)

    def describe(self, language: Language) -> str:
        """Whose results count, out of how many, for how many points."""
        numbers = {"out_of": plain(self.out_of), "full": plain(self.full)}
        if isinstance(self.of, str):
            return DESCRIBED_TOTAL.say(language, **numbers)
        return DESCRIBED_SECTIONS.say(language, sections="+".join(self.of), **numbers)

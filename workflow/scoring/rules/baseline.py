"""`baseline`: a measured value is compared with a baseline, every step better or worse moves the points."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from workflow.numbers import Exact, Rounding, add, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import NEEDS_REASON, number_at, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import IS_REQUIRED, Code, Count, NotNegative, Positive
from workflow.scoring.periods import NOT_A_PERIOD, NOT_COMPARABLE, Frequency, Period, PeriodError
from workflow.scoring.rules.bands import Better
from workflow.scoring.rules.base import Clamp, Evaluate, ItemContext, Rule, check_limits
from workflow.scoring.rules.history import period_of, values_between
from workflow.wording import Language, Phrase

HAS_NO_EFFECT = Phrase("对这种基数不起作用", "has no effect with this kind of baseline")
Find = Callable[[ItemContext], Decimal | None]

NEEDS_BASELINE = Phrase("人工设定的理由须与基数同时给出", "belongs to a baseline set by hand, which is absent")


class BaselineSource(StrEnum):
    """Where the baseline comes from."""

    HISTORY_MIN = "history-min"
    HISTORY_MAX = "history-max"
    PREVIOUS = "previous"
    FIXED = "fixed"


class Measure(StrEnum):
    """Whether a deviation counts as it stands or in percent of the baseline."""

    POINTS = "points"
    RELATIVE = "relative"


class Partial(StrEnum):
    """Whether a part of a step moves nothing or its share."""

    WHOLE = "whole"
    PROPORTIONAL = "proportional"


class Scope(StrEnum):
    """Whose earlier values count."""

    OWN = "own"
    UNIT = "unit"
    COMPANY = "company"


SOURCES: Mapping[BaselineSource, Phrase] = {
    BaselineSource.HISTORY_MIN: Phrase("以历史最低水平为基数", "baseline: the lowest in history"),
    BaselineSource.HISTORY_MAX: Phrase("以历史最高水平为基数", "baseline: the highest in history"),
    BaselineSource.PREVIOUS: Phrase("以上期末水平为基数", "baseline: the previous period"),
    BaselineSource.FIXED: Phrase("以 {value} 为基数", "baseline: {value}"),
}
AT_BASELINE = Phrase(",达到基数得 {points} 分", "; {points} at the baseline")
BETTER = {Better.LOWER: Phrase("低", "lower"), Better.HIGHER: Phrase("高", "higher")}
WORSE = {Better.LOWER: Phrase("高", "higher"), Better.HIGHER: Phrase("低", "lower")}
MOVES = Phrase(
    ";每{better} {step} 加 {up} 分,每{worse} {step} 扣 {down} 分",
    "; +{up} for each {step} {better}, -{down} for each {step} {worse}",
)
OF = {Measure.POINTS: Phrase("", ""), Measure.RELATIVE: Phrase("%(相对基数)", "% of the baseline")}
PARTS = {
    Partial.WHOLE: Phrase("(不足一档不计)", " (a part of a step moves nothing)"),
    Partial.PROPORTIONAL: Phrase("(不足一档按比例)", " (a part of a step counts in proportion)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRule(Rule):
    """Points around a baseline, moved by every step that the value is better or worse (source: 考核分值表 of 客户部 and 办事处)."""

    kind: ClassVar[str] = "baseline"
    keys: ClassVar[frozenset[str]] = frozenset({"value", "baseline", "reason"})

    baseline: BaselineSource
    value: Decimal | None = None
    better: Better
    at_baseline: Decimal
    step: Positive
    measure: Measure
    up: NotNegative
    down: NotNegative
    partial: Partial = Partial.WHOLE
    min: Decimal | None = None
    max: Decimal | None = None
    window: Count | None = None
    since: Code | None = None
    scope: Scope = Scope.OWN

    def check(self) -> None:
        """The limits must be in order, a fixed baseline must have its value, `since` must be a period."""
        check_limits(self.min, self.max)
        if self.value is None and self.baseline is BaselineSource.FIXED:
            raise SchemeError("value", IS_REQUIRED)
        self._since()

    @property
    def warnings(self) -> tuple[tuple[str, Phrase], ...]:
        """Parameters that do nothing with this kind of baseline."""
        from_history = self.baseline in (BaselineSource.HISTORY_MIN, BaselineSource.HISTORY_MAX)
        unused = {
            "value": self.value is not None and self.baseline is not BaselineSource.FIXED,
            "window": self.window is not None and not from_history,
            "since": self.since is not None and not from_history,
            "scope": self.scope is not Scope.OWN and not from_history,
        }
        return tuple((key, HAS_NO_EFFECT) for key, is_unused in unused.items() if is_unused)

    @property
    def is_listed(self) -> bool:
        """Whether the history holds several subjects' values for a period."""
        return self.scope is not Scope.OWN and self.baseline is not BaselineSource.PREVIOUS

    def _since(self) -> Period | None:
        try:
            return None if self.since is None else Period.parse(self.since)
        except PeriodError:
            raise SchemeError("since", NOT_A_PERIOD) from None

    def check_frequency(self, frequency: Frequency) -> None:
        """`since` must be a period of the scheme's frequency."""
        since = self._since()
        if since is not None and since.frequency is not frequency:
            raise SchemeError("since", NOT_COMPARABLE)

    @property
    def most(self) -> Decimal | None:
        """The upper limit, or what the baseline gives where nothing is ever added."""
        return Clamp(min=self.min, max=self.max).most(None if self.up else self.at_baseline)

    def window_before(self, period: Period) -> tuple[Period | None, Period] | None:
        """The periods whose values the baseline is taken from: first (None: the beginning) and last; None: none."""
        if self.baseline is BaselineSource.FIXED:
            return None
        first, last = (_period_or_none(period, ordinal) for ordinal in self._bounds(period.ordinal))
        return None if last is None else (first, last)

    def _bounds(self, ordinal: int) -> tuple[int, int]:
        """The first and last period whose values count, by ordinal; 0 stands before every period."""
        last = ordinal - 1
        if self.baseline is BaselineSource.PREVIOUS:
            return last, last
        since = self._since()
        first = 0 if since is None else since.ordinal
        return (first if self.window is None else max(first, ordinal - self.window)), last

    def compile(self, _: Rounding, /) -> Evaluate:
        """The baseline, the deviation in steps, the points, the limits."""
        clamp = Clamp(min=self.min, max=self.max)
        find = self._finder()

        def evaluate(data: Mapping[str, Any], context: ItemContext, trace: Trace | None) -> Exact | Missing:
            if len(data) == 1 and trace is None and data.get("value") is not None:
                return self._points_from(number_at(data, "value"), find(context), clamp, None)
            return self._evaluate(present(data, self.keys), context, find, clamp, trace)

        return evaluate

    def _finder(self) -> Find:
        """The function that takes the baseline from the history; None where the history gives none."""
        pick = min if self.baseline is BaselineSource.HISTORY_MIN else max
        bounds, listed = self._bounds, self.is_listed

        def find(context: ItemContext) -> Decimal | None:
            period = context.period
            first, last = bounds(period.ordinal)
            return pick(values_between(context.history, period.frequency, first, last, listed=listed), default=None)

        return find if self.baseline is not BaselineSource.FIXED else lambda _: self.value

    def _evaluate(
        self, data: Mapping[str, Any], context: ItemContext, find: Find, clamp: Clamp, trace: Trace | None
    ) -> Exact | Missing:
        if not data:
            return Missing.NO_INPUT
        value = number_at(data, "value")
        if trace is not None:
            trace.add("value", value=value, unit=trace.unit)
        baseline = self._by_hand(data, trace)
        if baseline is None:
            baseline = find(context)
            if trace is not None and baseline is not None:
                self._note_origin(baseline, context, trace)
        return self._points_from(value, baseline, clamp, trace)

    def _by_hand(self, data: Mapping[str, Any], trace: Trace | None) -> Decimal | None:
        """A baseline set by hand with its reason; it goes before history and `fixed`."""
        if "baseline" not in data:
            if "reason" in data:
                raise InputError("reason", NEEDS_BASELINE)
            return None
        baseline, reason = number_at(data, "baseline"), text_at(data, "reason", NEEDS_REASON)
        if trace is not None:
            trace.add("baseline", how="by-hand", baseline=baseline, unit=trace.unit, reason=reason)
        return baseline

    def _note_origin(self, baseline: Decimal, context: ItemContext, trace: Trace) -> None:
        period = None
        if self.baseline is not BaselineSource.FIXED:
            period = period_of(context.history, context.period, baseline, listed=self.is_listed)
        trace.add("baseline", how=self.baseline.value, baseline=baseline, unit=trace.unit, period=period)

    def _points_from(
        self, value: Decimal, baseline: Decimal | None, clamp: Clamp, trace: Trace | None
    ) -> Exact | Missing:
        if baseline is None:
            return Missing.NO_BASELINE
        deviation = baseline - value if self.better is Better.LOWER else value - baseline
        size, step = abs(deviation), self.step
        if self.measure is Measure.RELATIVE:
            if not baseline:
                return Missing.ZERO_BASELINE
            size, step = size * 100, step * abs(baseline)
        each = self.up if deviation > 0 else self.down
        steps: Exact
        moved: Exact
        if self.partial is Partial.WHOLE:
            steps = size // step
            moved = steps * each
            points: Exact = self.at_baseline + moved if deviation > 0 else self.at_baseline - moved
        else:
            steps = divide(size, step)
            moved = multiply(steps, each)
            points = add(self.at_baseline, moved if deviation > 0 else -moved)
        if trace is not None:
            self._note_deviation(value, baseline, trace)
            self._note_steps(steps, moved, points, trace, is_better=deviation > 0)
        return clamp.apply(points, trace)

    def _note_deviation(self, value: Decimal, baseline: Decimal, trace: Trace) -> None:
        how = "lower" if value < baseline else "higher"
        difference = abs(value - baseline)
        if not difference:
            trace.add("deviation", how="equal")
        elif self.measure is Measure.RELATIVE:
            amount = divide(difference * 100, abs(baseline))
            trace.add("relative", how=how, amount=amount, difference=difference, baseline=abs(baseline))
        else:
            trace.add(
                "deviation", how=how, amount=difference, gap="percentage-points" if trace.unit == "%" else trace.unit
            )

    def _note_steps(self, steps: Exact, moved: Exact, points: Exact, trace: Trace, *, is_better: bool) -> None:
        if not steps:
            trace.add("unmoved", points=self.at_baseline)
            return
        step = plain(self.step) + ("%" if self.measure is Measure.RELATIVE else "")
        trace.add("steps", how="up" if is_better else "down", step=step, steps=steps, points=moved)
        sign = "+" if is_better else "-"
        trace.add("arithmetic", expression=f"{plain(self.at_baseline)} {sign} {plain(moved)}", result=points)

    def describe(self, language: Language) -> str:
        """Where the baseline comes from, what a step moves, and the limits."""
        value = "" if self.value is None else plain(self.value)
        of = OF[self.measure].say(language)
        return "".join(
            (
                SOURCES[self.baseline].say(language, value=value),
                AT_BASELINE.say(language, points=plain(self.at_baseline)),
                MOVES.say(
                    language,
                    better=BETTER[self.better].say(language),
                    worse=WORSE[self.better].say(language),
                    step=plain(self.step) + of,
                    up=plain(self.up),
                    down=plain(self.down),
                ),
                PARTS[self.partial].say(language),
                Clamp(min=self.min, max=self.max).describe(language),
            )
        )


def history_window(rule: Rule, period: Period) -> tuple[Period | None, Period] | None:
    """The periods of measurements that an item of this rule needs: first (None: all earlier ones) and last; or None."""
    return rule.window_before(period) if isinstance(rule, BaselineRule) else None


def _period_or_none(beside: Period, ordinal: int) -> Period | None:
    """The period of that ordinal and the same frequency; None before the calendar begins."""
    try:
        return Period(beside.frequency, ordinal)
    except PeriodError:
        return None

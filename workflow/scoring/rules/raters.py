"""`raters`: groups of people rate, each group's mean has a weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from workflow.numbers import Exact, Rounding, add, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import list_at, mapping, number_at, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import MUST_BE_ONE_OF, MUST_BE_POSITIVE, NOT_EMPTY, Count, Positive, Text
from workflow.scoring.rules.base import MIN_ABOVE_MAX, Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

RATING_KEYS = frozenset({"group", "by", "value", "level"})

LEVELS_OR_SCALE = Phrase("levels 与 scale 必须且只能给一个", "and levels: exactly one of the two must be given")
WEIGHTS_NOT_ONE = Phrase("权重之和为 {sum},必须是 1", "must add up to 1, not to {sum}")
OFF_SCALE = Phrase("必须在 {min} 至 {max} 之间", "must be from {min} to {max}")
GROUP = Phrase("{group} 占 {weight},至少 {count} 人", "{group} weighs {weight}, at least {count}")
DESCRIBED = Phrase("{groups};各组均值加权后 ÷ {top} × {full} 分", "{groups}; weighted means ÷ {top} × {full}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatersRule(Rule):
    """Σ weight × mean of the group, ÷ the top of the scale × `full`; incomplete below `at_least` ratings in a group."""

    kind: ClassVar[str] = "raters"
    keys: ClassVar[frozenset[str]] = frozenset({"ratings"})
    derived_from: ClassVar[str | None] = "ratings"

    groups: Annotated[Mapping[Text, Positive], NOT_EMPTY]
    at_least: Mapping[str, Count] = field(default_factory=dict)
    levels: Annotated[Mapping[Text, Decimal], NOT_EMPTY] | None = None
    scale: tuple[Decimal, Decimal] | None = None
    full: Positive

    def check(self) -> None:
        """Weights that add up to 1, either levels or a scale with a top above 0, and no unknown group."""
        weights = sum(self.groups.values(), Decimal(0))
        if weights != 1:
            raise SchemeError("groups", WEIGHTS_NOT_ONE, sum=plain(weights))
        for group in self.at_least:
            if group not in self.groups:
                raise SchemeError(f"at_least.{group}", MUST_BE_ONE_OF, choices=" / ".join(self.groups))
        if (self.levels is None) == (self.scale is None):
            raise SchemeError("scale", LEVELS_OR_SCALE)
        if self.scale is not None and self.scale[0] >= self.scale[1]:
            raise SchemeError("scale", MIN_ABOVE_MAX)
        if self.top <= 0:
            raise SchemeError("levels" if self.scale is None else "scale[1]", MUST_BE_POSITIVE)

    @property
    def top(self) -> Decimal:
        """The best value that a rater can give."""
        return self.scale[1] if self.scale is not None else max((self.levels or {}).values())

    @property
    def most(self) -> Decimal:
        """Full marks, when everybody gives the best."""
        return self.full

    def compile(self, _: Rounding, /) -> Evaluate:
        """The weighted means of the groups, in proportion to the top of the scale."""

        def evaluate(data: Mapping[str, Any], _: ItemContext, trace: Trace | None) -> Exact | Missing:
            data = present(data, self.keys)
            if not data:
                return Missing.NO_INPUT
            by_group = self._by_group(list_at(data, "ratings"))
            if trace is not None:
                self._note_groups(by_group, trace)
            if any(len(values) < self.at_least.get(group, 1) for group, values in by_group.items()):
                return Missing.TOO_FEW_RATINGS
            return self._points(by_group, trace)

        return evaluate

    def _by_group(self, ratings: Sequence[Any]) -> dict[str, list[Decimal]]:
        by_group: dict[str, list[Decimal]] = {group: [] for group in self.groups}
        for place, rating in enumerate(ratings):
            try:
                group, value = self._rating(present(mapping(rating), RATING_KEYS))
            except InputError as error:
                raise error.under(f"ratings[{place}]") from None
            by_group[group].append(value)
        return by_group

    def _rating(self, rating: Mapping[str, Any]) -> tuple[str, Decimal]:
        group = text_at(rating, "group")
        if group not in self.groups:
            raise InputError("group", MUST_BE_ONE_OF, choices=" / ".join(self.groups))
        if self.scale is None:
            return group, self._level(rating, self.levels or {})
        value, (low, high) = number_at(rating, "value"), self.scale
        if not low <= value <= high:
            raise InputError("value", OFF_SCALE, min=plain(low), max=plain(high))
        return group, value

    def _level(self, rating: Mapping[str, Any], levels: Mapping[str, Decimal]) -> Decimal:
        level = text_at(rating, "level")
        if level not in levels:
            raise InputError("level", MUST_BE_ONE_OF, choices=" / ".join(levels))
        return levels[level]

    def _points(self, by_group: Mapping[str, Sequence[Decimal]], trace: Trace | None) -> Exact:
        weighted: Exact = Decimal(0)
        terms = []
        for group, values in by_group.items():
            total, weight = sum(values, Decimal(0)), self.groups[group]
            weighted = add(weighted, multiply(weight, divide(total, Decimal(len(values)))))
            terms.append(f"{plain(weight)} × {plain(total)} ÷ {len(values)}")
        points = multiply(self.full, divide(weighted, self.top))
        if trace is not None:
            expression = f"({' + '.join(terms)}) ÷ {plain(self.top)} × {plain(self.full)}"
            trace.add("arithmetic", expression=expression, result=points)
        return points

    def _note_groups(self, by_group: Mapping[str, Sequence[Decimal]], trace: Trace) -> None:
        """Mean and count of each group, never who gave what."""
        for group, values in by_group.items():
            needed = self.at_least.get(group, 1)
            if len(values) < needed:
                trace.add("raters", how="few", group=group, count=len(values), needed=needed)
            else:
                mean = divide(sum(values, Decimal(0)), Decimal(len(values)))
                trace.add("raters", how="mean", group=group, count=len(values), mean=mean)

    def describe(self, language: Language) -> str:
        """The groups with their weights and numbers, and the scale."""
        groups = (
            GROUP.say(language, group=group, weight=plain(weight), count=self.at_least.get(group, 1))
            for group, weight in self.groups.items()
        )
        comma = ", " if language is Language.EN else ","
        return DESCRIBED.say(language, groups=comma.join(groups), top=plain(self.top), full=plain(self.full))

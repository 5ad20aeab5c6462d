"""`raters`: groups of people rate, each group's mean has a weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple

from workflow.numbers import Exact, Rounding, add, divide, multiply, plain
from workflow.scoring.basis import Trace
from workflow.scoring.basis_wording import GROUP_WORDING
from workflow.scoring.errors import InputError, SchemeError
from workflow.scoring.inputs import list_at, mapping, mapping_at, number_at, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import MUST_BE_ONE_OF, MUST_BE_POSITIVE, NOT_EMPTY, Count, Positive, Text
from workflow.scoring.rules.base import MIN_ABOVE_MAX, Evaluate, ItemContext, Rule
from workflow.wording import Language, Phrase

RATING_KEYS = frozenset({"group", "by", "value", "level"})
SUMMED_KEYS = frozenset({"count", "sum"})

LEVELS_OR_SCALE = Phrase("levels 与 scale 必须且只能给一个", "and levels: exactly one of the two must be given")
WEIGHTS_NOT_ONE = Phrase("权重之和为 {sum},必须是 1", "must add up to 1, not to {sum}")
ONE_FORM = Phrase("ratings 与 groups 只能给一个", "ratings and groups: only one of the two may be given")
NOBODY = Phrase("至少 1 人", "must be at least 1")
OFF_SCALE = Phrase("必须在 {min} 至 {max} 之间", "must be from {min} to {max}")
GROUP = Phrase("{group}占 {weight}(至少 {count} 人)", "{group} {weight} (at least {count})")
DESCRIBED = Phrase("{groups};各组均值加权后 ÷ {top} × {full} 分", "{groups}; weighted means ÷ {top} × {full}")


class Rated(NamedTuple):
    """What a group gave: how many, and what they add up to, which is the mean without loss."""

    number: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RatersRule(Rule):
    """Σ weight × mean of the group, ÷ the top of the scale × `full`; incomplete below `at_least` ratings in a group.

    A card keeps of the ratings only each group's count and sum (`groups`), and nothing at all where one has too few.
    """

    kind: ClassVar[str] = "raters"
    keys: ClassVar[frozenset[str]] = frozenset({"ratings", "groups"})
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
    def bottom(self) -> Decimal:
        """The worst value that a rater can give."""
        return self.scale[0] if self.scale is not None else min((self.levels or {}).values())

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
            if len(data) > 1:
                raise InputError("groups", ONE_FORM)
            rated = self._read_groups(mapping_at(data, "groups")) if "groups" in data else self._count(data)
            if trace is not None and ("ratings" in data or self._is_enough(rated)):
                self._note_groups(rated, trace)
            return self._points(rated, trace) if self._is_enough(rated) else Missing.TOO_FEW_RATINGS

        return evaluate

    def worth(self, given: object) -> Decimal:
        """The value of one rating: of its level, or as it is; raises InputError for what the scale does not have."""
        if self.scale is None:
            return self._level({"level": given}, self.levels or {})
        return self._on_scale({"value": given}, self.scale)

    def summed(self, ratings: Mapping[str, Sequence[Decimal]]) -> dict[str, Any]:
        """The input that a card keeps of these ratings by group: counts and sums, of no group where one has too few."""
        rated = {group: Rated(len(values), sum(values, Decimal(0))) for group, values in ratings.items()}
        if not self._is_enough(rated):
            return {"groups": {}}
        return {"groups": {group: {"count": each.number, "sum": plain(each.total)} for group, each in rated.items()}}

    def read_ratings(self, ratings: Sequence[Any]) -> dict[str, list[Decimal]]:
        """The values of listed ratings by group; raises InputError with the place of a wrong one."""
        by_group: dict[str, list[Decimal]] = {group: [] for group in self.groups}
        for place, rating in enumerate(ratings):
            try:
                group, value = self._rating(present(mapping(rating), RATING_KEYS))
            except InputError as error:
                raise error.under(f"ratings[{place}]") from None
            by_group[group].append(value)
        return by_group

    def _count(self, data: Mapping[str, Any]) -> dict[str, Rated]:
        by_group = self.read_ratings(list_at(data, "ratings"))
        return {group: Rated(len(values), sum(values, Decimal(0))) for group, values in by_group.items()}

    def _read_groups(self, groups: Mapping[str, Any]) -> dict[str, Rated]:
        rated = {}
        for group, told in groups.items():
            try:
                if group not in self.groups:
                    raise InputError("", MUST_BE_ONE_OF, choices=" / ".join(self.groups))
                rated[group] = self._read_summed(present(mapping(told), SUMMED_KEYS))
            except InputError as error:
                raise error.under(f"groups.{group}") from None
        return {group: rated[group] for group in self.groups if group in rated}

    def _read_summed(self, told: Mapping[str, Any]) -> Rated:
        count, total = number_at(told, "count"), number_at(told, "sum")
        if count < 1 or count != int(count):
            raise InputError("count", NOBODY)
        if not self.bottom * count <= total <= self.top * count:
            raise InputError("sum", OFF_SCALE, min=plain(self.bottom * count), max=plain(self.top * count))
        return Rated(int(count), total)

    def _is_enough(self, rated: Mapping[str, Rated]) -> bool:
        return all(group in rated and rated[group].number >= self.at_least.get(group, 1) for group in self.groups)

    def _rating(self, rating: Mapping[str, Any]) -> tuple[str, Decimal]:
        group = text_at(rating, "group")
        if group not in self.groups:
            raise InputError("group", MUST_BE_ONE_OF, choices=" / ".join(self.groups))
        if self.scale is None:
            return group, self._level(rating, self.levels or {})
        return group, self._on_scale(rating, self.scale)

    def _on_scale(self, rating: Mapping[str, Any], scale: tuple[Decimal, Decimal]) -> Decimal:
        value, (low, high) = number_at(rating, "value"), scale
        if not low <= value <= high:
            raise InputError("value", OFF_SCALE, min=plain(low), max=plain(high))
        return value

    def _level(self, rating: Mapping[str, Any], levels: Mapping[str, Decimal]) -> Decimal:
        level = text_at(rating, "level")
        if level not in levels:
            raise InputError("level", MUST_BE_ONE_OF, choices=" / ".join(levels))
        return levels[level]

    def _points(self, rated: Mapping[str, Rated], trace: Trace | None) -> Exact:
        weighted: Exact = Decimal(0)
        for group, weight in self.groups.items():
            count, total = rated[group]
            weighted = add(weighted, divide(multiply(weight, total), Decimal(count)))
        points = divide(multiply(self.full, weighted), self.top)
        if trace is not None:
            terms = (
                f"{plain(weight)} × {plain(rated[group][1])} ÷ {rated[group][0]}"
                for group, weight in self.groups.items()
            )
            expression = f"({' + '.join(terms)}) ÷ {plain(self.top)} × {plain(self.full)}"
            trace.add("arithmetic", expression=expression, result=points)
        return points

    def _note_groups(self, rated: Mapping[str, Rated], trace: Trace) -> None:
        """Mean and count of each group, never who gave what."""
        for group, (count, total) in rated.items():
            needed = self.at_least.get(group, 1)
            if count < needed:
                trace.add("raters", how="few", group=group, count=count, needed=needed)
            else:
                trace.add("raters", how="mean", group=group, count=count, mean=divide(total, Decimal(count)))

    def describe(self, language: Language) -> str:
        """The groups with their weights and numbers, and the scale."""
        groups = (
            GROUP.say(language, group=_named(group, language), weight=plain(weight), count=self.at_least.get(group, 1))
            for group, weight in self.groups.items()
        )
        comma = ", " if language is Language.EN else "、"
        return DESCRIBED.say(language, groups=comma.join(groups), top=plain(self.top), full=plain(self.full))


def _named(group: str, language: Language) -> str:
    return GROUP_WORDING[group].say(language) if group in GROUP_WORDING else group

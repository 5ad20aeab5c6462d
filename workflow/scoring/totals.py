"""Adding up: items to sections, sections to the total, then vetoes and the grade."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, Protocol

from workflow.numbers import Rounding
from workflow.scoring.card import ItemOutcome, SectionTotal, Totals, VetoEffect
from workflow.scoring.missing import Missing
from workflow.scoring.scheme import Scheme, Section
from workflow.scoring.terms import Veto


class Outcome(Protocol):
    """What adding up needs of an item: an ItemOutcome, or a stored row with the same two fields."""

    @property
    def points(self) -> Decimal | None:
        """The rounded points."""

    @property
    def missing(self) -> Missing | None:
        """Why there are none; None beside no points means not applicable."""


NOT_PUT_IN = ItemOutcome(None, Missing.NO_INPUT)


class _Section(NamedTuple):
    """A section as it is added up: the codes of its items, their full marks, and how its sum becomes its points."""

    codes: tuple[str, ...]
    full_marks: Mapping[str, Decimal]
    settle: Callable[[Decimal, Decimal | None], SectionTotal]

    @classmethod
    def of(cls, section: Section, rounding: Rounding) -> "_Section":
        full_marks = {item.code: item.full_marks or Decimal(0) for item in section.items}
        return cls(tuple(full_marks), full_marks, _compile_limits(section, rounding))


def _compile_limits(section: Section, rounding: Rounding) -> Callable[[Decimal, Decimal | None], SectionTotal]:
    """The limits have the decimals of points, so that points cut to them print alike. Few sums come up: they are kept."""
    low, high = (None if limit is None else rounding.round(limit) for limit in (section.min, section.max))

    @lru_cache(maxsize=1024)
    def settle(points: Decimal, scaling: Decimal | None) -> SectionTotal:
        if high is not None and points > high:
            points = high
        if low is not None and points < low:
            points = low
        return SectionTotal(section.code, points, scaling)

    return settle


class Adder:
    """Adds up the cards of one scheme; holds nothing of any card, so that threads may share it."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._round = scheme.rounding.compile()
        self._sections = [_Section.of(section, scheme.rounding) for section in scheme.sections]
        self._min, self._max = self._round(scheme.total.min), self._round(scheme.total.max)
        self._vetoes = {veto.code: veto for veto in scheme.vetoes}
        self._ranks = {name: place for place, name in enumerate(scheme.grade_names)}
        self._zero = self._round(Decimal(0))

    def add_up(self, outcomes: Mapping[str, Outcome], vetoes: Sequence[str] = ()) -> Totals:
        """Sections, totals and grade from the outcomes of the items; an item without outcome is missing.

        Adds in the current decimal context, which must be as wide as EXACT.
        """
        missing: list[tuple[str, Missing]] = []
        total = self._zero
        sections = []
        for section in self._sections:
            added = self._section(section, outcomes, missing)
            total += added.points
            sections.append(added)
        total = min(max(total, self._min), self._max)
        standing = [self._vetoes[code] for code in vetoes] if vetoes else ()
        return self._totals(total, tuple(sections), tuple(missing), standing)

    def _section(
        self, section: _Section, outcomes: Mapping[str, Outcome], missing: list[tuple[str, Missing]]
    ) -> SectionTotal:
        points, left_out, scaling = self._zero, [], None
        for code in section.codes:
            outcome = outcomes.get(code, NOT_PUT_IN)
            worth = outcome.points
            if worth is not None:
                points += worth
            elif outcome.missing is not None:
                missing.append((code, outcome.missing))
            else:
                left_out.append(code)
        if left_out:
            scaling = self._scaling(section, left_out, points)
            points += scaling or self._zero
            missing += [(code, Missing.NOT_APPLICABLE) for code in left_out if scaling is None]
        return section.settle(points, scaling)

    def _scaling(self, section: _Section, left_out: Sequence[str], points: Decimal) -> Decimal | None:
        """What F ÷ (F − f) adds to the sum, rounded; None where nothing is left to scale from."""
        full = sum(section.full_marks.values(), self._zero)
        kept = full - sum((section.full_marks[code] for code in left_out), self._zero)
        return self._round(Fraction(points) * Fraction(full) / Fraction(kept)) - points if kept > 0 else None

    def _totals(
        self,
        total: Decimal,
        sections: tuple[SectionTotal, ...],
        missing: tuple[tuple[str, Missing], ...],
        vetoes: Sequence[Veto],
    ) -> Totals:
        effects: tuple[VetoEffect, ...] = ()
        if vetoes:
            total = self._round(min([total, *(veto.total_max for veto in vetoes if veto.total_max is not None)]))
            effects = tuple(VetoEffect(veto.code, veto.total_max, veto.grade) for veto in vetoes)
        if missing:
            return Totals(sections, None, total, False, missing, None, effects)  # noqa: FBT003 - a plain tuple
        return Totals(sections, total, total, True, missing, self._grade(total, vetoes), effects)  # noqa: FBT003 - as above

    def _grade(self, total: Decimal, vetoes: Sequence[Veto]) -> str | None:
        """The first grade that the total reaches, or the worst that a veto sets; None below every grade."""
        for grade in self._scheme.grades:
            if grade.at_least <= total:
                named = [veto.grade for veto in vetoes if veto.grade is not None]
                return max([grade.name, *named], key=self._ranks.__getitem__) if named else grade.name
        return None

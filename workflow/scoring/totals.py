"""Adding up: items to sections, sections to the total, then vetoes and the grade."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

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


class Adder:
    """Adds up the cards of one scheme; holds nothing of any card, so that threads may share it."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._round = scheme.rounding.compile()
        self._sections = [
            (section, tuple(item.code for item in section.items), self._limit(section.min), self._limit(section.max))
            for section in scheme.sections
        ]
        self._min, self._max = self._round(scheme.total.min), self._round(scheme.total.max)
        self._vetoes = {veto.code: veto for veto in scheme.vetoes}
        self._ranks = {name: place for place, name in enumerate(scheme.grade_names)}
        self._zero = self._round(Decimal(0))

    def _limit(self, limit: Decimal | None) -> Decimal | None:
        """A limit with the decimals of points, so that points cut to it print like all others."""
        return None if limit is None else self._round(limit)

    def add_up(self, outcomes: Mapping[str, Outcome], vetoes: Iterable[str] = ()) -> Totals:
        """Sections, totals and grade from the outcomes of the items; an item without outcome is missing.

        Adds in the current decimal context, which must be as wide as EXACT.
        """
        missing: list[tuple[str, Missing]] = []
        sections = [self._section(*section, outcomes, missing) for section in self._sections]
        return self._totals(sections, missing, [self._vetoes[code] for code in vetoes])

    def _section(
        self,
        section: Section,
        codes: Sequence[str],
        low: Decimal | None,
        high: Decimal | None,
        outcomes: Mapping[str, Outcome],
        missing: list[tuple[str, Missing]],
    ) -> SectionTotal:
        points = self._zero
        left_out = []
        for code in codes:
            outcome = outcomes.get(code, NOT_PUT_IN)
            if outcome.points is not None:
                points += outcome.points
            elif outcome.missing is not None:
                missing.append((code, outcome.missing))
            else:
                left_out.append(code)
        scaling = self._scaling(section, left_out, points, missing) if left_out else None
        if scaling is not None:
            points += scaling
        if high is not None and points > high:
            points = high
        if low is not None and points < low:
            points = low
        return SectionTotal(section.code, points, scaling)

    def _scaling(
        self, section: Section, left_out: Sequence[str], points: Decimal, missing: list[tuple[str, Missing]]
    ) -> Decimal | None:
        """What F ÷ (F − f) adds to the sum, rounded; nothing left to scale from makes the left-out items missing."""
        full = sum((item.full_marks or Decimal(0) for item in section.items), Decimal(0))
        kept = full - sum(
            (item.full_marks or Decimal(0) for item in section.items if item.code in left_out), Decimal(0)
        )
        if kept <= 0:
            missing.extend((code, Missing.NOT_APPLICABLE) for code in left_out)
            return None
        return self._round(Fraction(points) * Fraction(full) / Fraction(kept)) - points

    def _totals(
        self, sections: Sequence[SectionTotal], missing: Sequence[tuple[str, Missing]], vetoes: Sequence[Veto]
    ) -> Totals:
        total = self._zero
        for section in sections:
            total += section.points
        total = min(max(total, self._min), self._max)
        if vetoes:
            total = self._round(min([total, *(veto.total_max for veto in vetoes if veto.total_max is not None)]))
        is_complete = not missing
        return Totals(
            sections=tuple(sections),
            total=total if is_complete else None,
            provisional_total=total,
            complete=is_complete,
            missing=tuple(missing),
            grade=self.grade(total, vetoes) if is_complete else None,
            vetoes=tuple([VetoEffect(veto.code, veto.total_max, veto.grade) for veto in vetoes]),
        )

    def grade(self, total: Decimal, vetoes: Iterable[Veto] = ()) -> str | None:
        """The first grade that the total reaches, or the worst that a veto sets; None below every grade."""
        reached = None
        for grade in self._scheme.grades:
            if grade.at_least <= total:
                reached = grade.name
                break
        named = [veto.grade for veto in vetoes if veto.grade is not None]
        return None if reached is None else max([reached, *named], key=self._ranks.__getitem__)

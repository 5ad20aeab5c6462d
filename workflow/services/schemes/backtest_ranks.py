"""Ranks and consequences of a back-test: of what is published, and of what a changed scheme would give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.scoring.consequences import Proposal, Round, propose
from workflow.scoring.periods import Period
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Consequence
from workflow.services.ranking.absences import absences_of
from workflow.services.ranking.placing import Group, Placed, Result, groups_of, place, published
from workflow.services.schemes.replay import Replayed


@dataclass(frozen=True, slots=True)
class Tested:
    """One plan: all its cards, and of those that are tested what the changed scheme gives."""

    plan: Plan
    cards: Sequence[Scorecard]
    replayed: Mapping[int, Replayed]
    scheme: Scheme

    @property
    def scored(self) -> list[Scorecard]:
        """The cards that were scored anew."""
        return [card for card in self.cards if card.id in self.replayed]

    @property
    def consequences(self) -> tuple[Consequence, ...]:
        """What follows from ranks by the scheme that the tested cards were signed under."""
        return published(self.scored[0]).scheme.consequences if self.scored else ()

    def changed(self, card: Scorecard) -> Result:
        """Give what a card would compete with."""
        found = self.replayed.get(card.id)
        if found is None:
            return published(card)
        sections = {section.code: format(section.points, "f") for section in found.totals.sections}
        return Result(self.scheme, found.totals.total, found.totals.grade, sections)


class Ranked:
    """The ranks of all who compete with the tested cards, in every plan; absences are those of the time."""

    def __init__(self, tested: Sequence[Tested], *, changed: bool) -> None:
        families = {published(card).scheme.family for each in tested for card in each.scored}
        families |= {each.scheme.family for each in tested if changed}
        self._placed: list[tuple[Plan, Group, list[Placed]]] = []
        for each in sorted(tested, key=lambda one: (one.plan.period, one.plan.id)):
            result_of = each.changed if changed else published
            absences = absences_of(Period.parse(each.plan.period), each.cards, result_of)
            for group, cards in groups_of(each.plan, each.cards, result_of).items():
                if group.family in families:
                    self._placed.append((each.plan, group, place(cards, absences, result_of)))
        self._proposed: dict[tuple[Consequence, ...], list[list[Proposal]]] = {}

    def placed_in(self, plan: Plan) -> dict[int, Placed]:
        """Give the places of a plan, by card."""
        return {one.card.id: one for each, _, placed in self._placed if each.id == plan.id for one in placed}

    def proposals(self, consequences: Sequence[Consequence], plan: Plan) -> list[Proposal]:
        """Give what these consequences would propose in a plan."""
        key = tuple(consequences)
        if key not in self._proposed:
            self._proposed[key] = propose(key, [_round(*each) for each in self._placed])
        rounds = zip(self._placed, self._proposed[key], strict=True)
        return [one for (each, _, _), found in rounds if each.id == plan.id for one in found]


def subject_of(card: Scorecard) -> str:
    """Name a subject through the periods."""
    return f"{card.subject_kind}:{card.subject_id}"


def _round(plan: Plan, group: Group, placed: Sequence[Placed]) -> Round:
    return Round(
        period=plan.period,
        group=group.title,
        ranks={subject_of(one.card): one.rank for one in placed if one.rank is not None},
        absences={subject_of(one.card): one.absence for one in placed if one.absence is not None},
    )

"""Who competes with whom in a plan, and who comes where: by what is published, or by what a changed scheme would give."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.rankings import RankingGroup, RankingGroupUnit
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.scoring.periods import Period
from workflow.scoring.ranking import Competitor, grade_by_quota, rank
from workflow.scoring.scheme import Scheme
from workflow.scoring.terms import Absence, Within
from workflow.services.schemes.maintain_schemes import scorer_of


@dataclass(frozen=True, slots=True)
class Group:
    """Who competes: those of a family of schemes within a unit, a ranking group 考核单元 or the whole plan."""

    family: str
    within: Within
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a card competes with, and the scheme that says how."""

    scheme: Scheme
    total: Decimal | None
    grade: str | None
    sections: Mapping[str, str]

    @property
    def tie_values(self) -> tuple[Decimal | None, ...]:
        """The points of the sections that settle equal totals, in turn."""
        codes = self.scheme.ranking.tie_break
        return tuple(Decimal(self.sections[code]) if code in self.sections else None for code in codes)


@dataclass(frozen=True, slots=True)
class Placed:
    """What ranking gave one card; tie values as text, as they are kept."""

    card: Scorecard
    total: Decimal | None = None
    tie_values: tuple[str | None, ...] = ()
    rank: int | None = None
    absence: Absence | None = None
    grade: str | None = None


ResultOf = Callable[[Scorecard], Result]


def published(card: Scorecard) -> Result:
    """Give what a card competes with by what was signed."""
    return Result(scorer_of(card.scheme_version_id).scheme, card.total, card.grade, card.sections)


def competing(plan: Plan) -> list[Scorecard]:
    """Give each subject's card, a void one where none is published, by their numbers."""
    query = select(Scorecard).where(Scorecard.plan_id == plan.id, Scorecard.state.in_([State.PUBLISHED, State.VOID]))
    cards = sorted(db.session.scalars(query), key=lambda card: (card.state == State.PUBLISHED, card.revision))
    current = {(card.scheme_code, card.subject_kind, card.subject_id): card for card in cards}
    return sorted(current.values(), key=lambda card: card.number)


def groups_of(plan: Plan, cards: Iterable[Scorecard], result_of: ResultOf = published) -> dict[Group, list[Scorecard]]:
    """Put the cards of a plan to those that they compete with."""
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    grouped = _ranking_groups(plan)
    found: dict[Group, list[Scorecard]] = defaultdict(list)
    for card in cards:
        found[_group(plan, card, result_of(card).scheme, units, grouped)].append(card)
    return found


def group_of(plan: Plan, card: Scorecard, scheme: Scheme) -> Group:
    """Say with whom one card competes."""
    unit = db.session.get_one(Unit, card.unit_id)
    above = [] if unit.parent_id is None else [db.session.get_one(Unit, unit.parent_id)]
    return _group(plan, card, scheme, {each.id: each for each in (unit, *above)}, _ranking_groups(plan))


def place(cards: Sequence[Scorecard], absences: Mapping[int, Absence], result_of: ResultOf = published) -> list[Placed]:
    """Rank those who were there, best first, and name the others who are absent with a reason; both by card."""
    there = {card.number: card for card in cards if card.state == State.PUBLISHED and card.id not in absences}
    results = {number: result_of(card) for number, card in there.items()}
    totals = {number: result.total for number, result in results.items() if result.total is not None}
    ties = {number: results[number].tie_values for number in totals}
    competitors = [Competitor(subject=number, total=total, tie_break=ties[number]) for number, total in totals.items()]
    ranks = rank(competitors, max(map(len, ties.values()), default=0))
    grades = _grades(results, totals, ranks)
    placed = [
        Placed(
            card=there[number],
            total=totals[number],
            tie_values=tuple(None if value is None else format(value, "f") for value in ties[number]),
            rank=reached,
            grade=grades[number],
        )
        for number, reached in sorted(ranks.items(), key=lambda pair: (pair[1], pair[0]))
    ]
    return placed + [Placed(card=card, absence=absences[card.id]) for card in cards if card.id in absences]


def _ranking_groups(plan: Plan) -> dict[int, RankingGroup]:
    """Give the ranking group of each unit that belongs to one on the period's last day."""
    query = (
        select(RankingGroupUnit.unit_id, RankingGroup)
        .join(RankingGroup, RankingGroup.id == RankingGroupUnit.ranking_group_id)
        .where(in_force(RankingGroupUnit, Period.parse(plan.period).last_day))
        .order_by(RankingGroupUnit.starts_on)
    )
    return dict(db.session.execute(query).all())


def _group(
    plan: Plan, card: Scorecard, scheme: Scheme, units: Mapping[int, Unit], grouped: Mapping[int, RankingGroup]
) -> Group:
    """Say with whom a card competes; a unit's card with those of its parent's units."""
    unit = units[card.unit_id]
    if scheme.ranking.within is Within.PLAN:
        return Group(scheme.family, Within.PLAN, plan.code, plan.title)
    if scheme.ranking.within is Within.GROUP and unit.id in grouped:
        return Group(scheme.family, Within.GROUP, grouped[unit.id].code, grouped[unit.id].title)
    if card.subject_kind == "unit" and unit.parent_id is not None:
        unit = units[unit.parent_id]
    return Group(scheme.family, Within.UNIT, unit.code, unit.title)


def _grades(
    results: Mapping[str, Result], totals: Mapping[str, Decimal], ranks: Mapping[str, int]
) -> dict[str, str | None]:
    """Give each card its grade: its own, or where the scheme has quotas the worse of its own and what fits."""
    schemes = {id(result.scheme): result.scheme for result in results.values()}
    quotas = {
        key: grade_by_quota(scheme, totals, ranks)
        for key, scheme in schemes.items()
        if any(grade.share is not None for grade in scheme.grades)
    }
    grades = {}
    for number, result in results.items():
        quota = quotas.get(id(result.scheme))
        has_quota = quota is not None and number in quota
        grades[number] = _worse(result.scheme, result.grade, quota[number]) if quota and has_quota else result.grade
    return grades


def _worse(scheme: Scheme, one: str | None, other: str | None) -> str | None:
    """Give the worse of two grades; none is the worst."""
    places = {name: place for place, name in enumerate(scheme.grade_names)}
    return max(one, other, key=lambda name: len(places) if name is None else places[name])

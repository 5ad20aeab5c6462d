"""Reading the ranking of a plan, as far as the reader may see it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, false, or_, select

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import DISCLOSURES, Plan
from workflow.models.rankings import Ranking, RankingEntry
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, unit_scope
from workflow.policy.ranks import tells_others, tells_own_rank
from workflow.scoring.periods import Period, PeriodError
from workflow.services.people.look_up_organisation import within
from workflow.services.plans.look_up_plans import find_seen
from workflow.services.ranking import rank

MOST_PLANS = 60

Subject = tuple[str, str, int]
"""Who is ranked: the family of schemes, the kind of subject and its id."""


@dataclass(frozen=True, slots=True)
class RankedCard:
    """One line of a ranking; `before` is the rank in the period before, `climbed` by how many places it is better now."""

    card_id: int
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    scheme_title: str
    total: Decimal | None
    tie_values: tuple[str | None, ...]
    rank: int | None
    absence: str | None
    grade: str | None
    before: int | None

    @property
    def climbed(self) -> int | None:
        """By how many places the rank is better than in the period before."""
        return None if self.before is None or self.rank is None else self.before - self.rank


@dataclass(frozen=True, slots=True)
class GroupRanking:
    """The newest version of one group's ranking, as far as the reader sees it; grades are counted among those lines."""

    family: str
    within: str
    group: str
    group_title: str
    version: int
    state: str
    at: datetime
    ranked: int  # of the whole group
    grades: Mapping[str, int]
    entries: tuple[RankedCard, ...]


@dataclass(frozen=True, slots=True)
class PlanRanking:
    """The rankings of one plan; none before its publication."""

    plan: str
    title: str
    period: str
    state: str
    groups: tuple[GroupRanking, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ranking with the card that it ranks, its unit and its scheme."""

    entry: RankingEntry
    card: Scorecard
    unit: Unit
    scheme_title: str


def ranked_plans(actor: Actor) -> tuple[Plan, ...]:
    """Give the published plans in whose rankings the actor sees anything, the newest period first; at most 60."""
    own = false() if actor.person_id is None else Scorecard.appraised_person_id == actor.person_id
    told = and_(own, Plan.disclosure.in_([each for each in DISCLOSURES if tells_own_rank(each)]))
    by_role = within(unit_scope(actor, Action.RANKING_SEE))
    ranked = (
        select(RankingEntry.id)
        .join(Scorecard, Scorecard.id == RankingEntry.scorecard_id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .where(Scorecard.plan_id == Plan.id, or_(by_role, told))
    )
    query = select(Plan).where(Plan.state.in_(rank.RANKED), ranked.exists())
    return tuple(db.session.scalars(query.order_by(Plan.period.desc(), Plan.id.desc()).limit(MOST_PLANS)))


def plan_ranking(actor: Actor, code: str) -> PlanRanking:
    """Give a plan's rankings as far as the actor sees them; raises Refusal (not seen) for who sees neither plan nor rank."""
    plan = db.session.scalar(select(Plan).where(Plan.code == code))
    if plan is None:
        raise not_seen()
    lines = lines_of(plan)
    before = ranks_before(plan)
    groups = tuple(
        found
        for ranking in rank.newest_of(plan.id).values()
        if (found := _group(actor, plan, ranking, lines[ranking.id], before)) is not None
    )
    if not groups and find_seen(actor, code) is None:
        raise not_seen()
    return PlanRanking(plan.code, plan.title, plan.period, plan.state, groups)


def lines_of(plan: Plan) -> dict[int, list[Line]]:
    """Give the lines of the plan's newest rankings by ranking, best first, who is not ranked last."""
    query = (
        select(RankingEntry, Scorecard, Unit, SchemeVersion.title)
        .join(Ranking, Ranking.id == RankingEntry.ranking_id)
        .join(Scorecard, Scorecard.id == RankingEntry.scorecard_id)
        .join(Unit, Unit.id == Scorecard.unit_id)
        .join(SchemeVersion, SchemeVersion.id == Scorecard.scheme_version_id)
        .where(Ranking.plan_id == plan.id, rank.is_newest())
        .order_by(RankingEntry.rank.is_(None), RankingEntry.rank, Scorecard.number)
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row[0].ranking_id].append(Line(*row))
    return found


def _group(
    actor: Actor, plan: Plan, ranking: Ranking, lines: Sequence[Line], before: Mapping[Subject, int]
) -> GroupRanking | None:
    """Give one group's ranking; None where the actor sees nothing of it."""
    seen = _seen(actor, plan, lines)
    if not seen:
        return None
    return GroupRanking(
        family=ranking.family,
        within=ranking.within,
        group=ranking.group_code,
        group_title=ranking.group_title,
        version=ranking.number,
        state=ranking.state,
        at=ranking.at,
        ranked=sum(line.entry.rank is not None for line in lines),
        grades=Counter(line.entry.grade for line in seen if line.entry.grade is not None),
        entries=tuple(_entry(line, before.get(subject_of(ranking, line.card))) for line in seen),
    )


def _seen(actor: Actor, plan: Plan, lines: Sequence[Line]) -> list[Line]:
    """Leave out the lines that the actor sees neither by role nor by what the plan discloses."""
    paths = unit_scope(actor, Action.RANKING_SEE)
    own = [line for line in lines if actor.person_id is not None and line.card.appraised_person_id == actor.person_id]
    told = [line for line in own if tells_own_rank(plan.disclosure)]
    others = [line for line in lines if own and tells_others(plan.disclosure, line.entry.rank)]
    ids = {line.entry.id for line in (*told, *others)}
    return [line for line in lines if line.unit.path.startswith(paths) or line.entry.id in ids]


def ranks_before(plan: Plan) -> dict[Subject, int]:
    """Give the ranks of the period before, by family and subject."""
    try:
        period = Period.parse(plan.period).previous().label
    except PeriodError:
        return {}
    query = (
        select(Ranking.family, Scorecard.subject_kind, Scorecard.subject_id, RankingEntry.rank)
        .join(RankingEntry, RankingEntry.ranking_id == Ranking.id)
        .join(Scorecard, Scorecard.id == RankingEntry.scorecard_id)
        .join(Plan, Plan.id == Ranking.plan_id)
        .where(Plan.period == period, Plan.state.in_(rank.RANKED), rank.is_newest())
    )
    found = db.session.execute(query)
    return {(family, kind, subject_id): place for family, kind, subject_id, place in found if place is not None}


def subject_of(ranking: Ranking, card: Scorecard) -> Subject:
    """Say who is ranked, whatever the period."""
    return ranking.family, card.subject_kind, card.subject_id


def _entry(line: Line, before: int | None) -> RankedCard:
    return RankedCard(
        card_id=line.card.id,
        subject=line.card.subject_code,
        subject_name=line.card.subject_name,
        unit=line.unit.code,
        unit_name=line.unit.title,
        scheme_title=line.scheme_title,
        total=line.entry.total,
        tie_values=tuple(line.entry.tie_values or ()),
        rank=line.entry.rank,
        absence=line.entry.absence,
        grade=line.entry.grade,
        before=before,
    )

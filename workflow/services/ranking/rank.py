"""Ranking a plan's published cards: provisional as soon as they are published, a new version after a revision, then final."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from workflow.lifecycle import plan as lifecycle
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.models.rankings import Ranking, RankingEntry
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import Role
from workflow.scoring.periods import Period
from workflow.scoring.terms import Within
from workflow.services.ranking import placing
from workflow.services.ranking.absences import absences_of
from workflow.services.ranking.placing import Group, Placed
from workflow.services.unit_of_work import Part, Work

RANKED = (lifecycle.State.PUBLISHED, lifecycle.State.FINAL, lifecycle.State.ARCHIVED)
"""The states of a plan whose cards are ranked."""

PROVISIONAL, FINAL = "provisional", "final"


Line = tuple[int, int | None, str | None, str | None, Decimal | None]


def rank_plan(work: Work, plan: Plan) -> None:
    """Write a version of each of the plan's rankings; one that would say the same as the newest is left out."""
    newest = {_key(group): ranking for group, ranking in newest_of(plan.id).items()}
    for group, cards in placing.groups_of(plan, placing.competing(plan)).items():
        placed = placing.place(cards, absences_of(Period.parse(plan.period), cards))
        before = newest.get(_key(group))
        if placed and (before is None or _lines_of(before.id) != {_line(each) for each in placed}):
            _write(work, plan, group, placed, 1 if before is None else before.number + 1)


def rank_again(work: Work, cards: Iterable[Scorecard]) -> list[Plan]:
    """Rank anew the plans to which cards were added after their publication; gives those plans."""
    plan_ids = {card.plan_id for card in cards}
    query = select(Plan).where(Plan.id.in_(plan_ids), Plan.state.in_(RANKED)).order_by(Plan.id)
    plans = list(db.session.scalars(query.with_for_update()))
    for plan in plans:
        rank_plan(work, plan)
        if plan.state != lifecycle.State.PUBLISHED:
            make_final(work, plan)
    return plans


def make_final(work: Work, plan: Plan) -> None:
    """Let the newest version of each of the plan's rankings hold."""
    for ranking in newest_of(plan.id).values():
        if ranking.state == PROVISIONAL:
            work.change(ranking, "ranking.finalize", {"state": FINAL}, role=Role.ADMINISTRATOR)


def newest_of(plan_id: int) -> dict[Group, Ranking]:
    """Give the newest version of each of a plan's rankings, by family, kind and code."""
    query = select(Ranking).where(Ranking.plan_id == plan_id, is_newest())
    ordered = query.order_by(Ranking.family, Ranking.within, Ranking.group_code)
    found = db.session.scalars(ordered)
    return {Group(each.family, Within(each.within), each.group_code, each.group_title): each for each in found}


def is_newest() -> ColumnElement[bool]:
    """Say in SQL that a ranking has no later version."""
    later = aliased(Ranking)
    return ~exists().where(
        later.plan_id == Ranking.plan_id,
        later.family == Ranking.family,
        later.within == Ranking.within,
        later.group_code == Ranking.group_code,
        later.number > Ranking.number,
    )


def _key(group: Group) -> tuple[str, str, str]:
    """Say which ranking it is, whatever the group is called by now."""
    return group.family, group.within, group.code


def _line(each: Placed) -> Line:
    """Say what an entry says, to compare versions by."""
    return each.card.id, each.rank, each.absence, each.grade, each.total


def _lines_of(ranking_id: int) -> set[Line]:
    query = select(RankingEntry).where(RankingEntry.ranking_id == ranking_id)
    return {(each.scorecard_id, each.rank, each.absence, each.grade, each.total) for each in db.session.scalars(query)}


def _write(work: Work, plan: Plan, group: Group, placed: Sequence[Placed], number: int) -> None:
    ranking = Ranking(
        id=new_id(),
        plan_id=plan.id,
        family=group.family,
        within=group.within,
        group_code=group.code,
        group_title=group.title,
        number=number,
        state=PROVISIONAL,
        at=work.now,
    )
    parts = [_entry(ranking, each) for each in placed]
    work.create(ranking, "ranking.compute", parts=parts, role=Role.ADMINISTRATOR)


def _entry(ranking: Ranking, each: Placed) -> Part:
    row = RankingEntry(id=new_id(), ranking_id=ranking.id, scorecard_id=each.card.id)
    values = {
        "total": each.total,
        "tie_values": list(each.tie_values),
        "rank": each.rank,
        "absence": each.absence,
        "grade": each.grade,
    }
    return Part(row, f"entries/{each.card.number}", values, is_new=True)

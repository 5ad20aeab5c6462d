"""Reading ranking groups 考核单元: their units, who belongs to them, and which schemes have been ranked in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.rankings import Ranking, RankingEntry, RankingGroup, RankingGroupUnit
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Actor, decide_unit
from workflow.scoring.terms import Within
from workflow.services.fields import permit
from workflow.services.people.look_up_organisation import members


@dataclass(frozen=True, slots=True)
class GroupedUnit:
    """A unit of a ranking group, and for which days."""

    unit: str
    unit_name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One ranking group with its units, those of former times too."""

    code: str
    title: str
    units: tuple[GroupedUnit, ...]
    version: int


@dataclass(frozen=True, slots=True)
class RankedScheme:
    """A scheme whose cards have competed in a group, in which family, and last in which period."""

    code: str
    title: str
    family: str
    last_period: str


@dataclass(frozen=True, slots=True)
class GroupMember:
    """Somebody who belongs to a group on a day by the unit that they are in."""

    code: str
    name: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class GroupInFull:
    """A ranking group on a day; members are those whom the reader may see."""

    group: GroupRow
    schemes: tuple[RankedScheme, ...]
    members: tuple[GroupMember, ...]


def list_groups(actor: Actor) -> tuple[GroupRow, ...]:
    """Give every ranking group to whoever may see units."""
    permit(decide_unit(actor, Action.UNITS_SEE))
    return _rows(db.session.scalars(select(RankingGroup).order_by(RankingGroup.code)))


def find_group(actor: Actor, code: str) -> GroupRow:
    """Give one ranking group; raises Refusal (not seen) where there is none, or for whoever may not see units."""
    group = db.session.scalar(select(RankingGroup).where(RankingGroup.code == code))
    if group is None or decide_unit(actor, Action.UNITS_SEE):
        raise not_seen()
    return _rows([group])[0]


def groups_in_full(actor: Actor, day: date) -> tuple[GroupInFull, ...]:
    """Give every ranking group with who belongs to it on a day and what is ranked in it."""
    groups, schemes = list_groups(actor), _schemes()
    present = {row.code: {each.unit for each in row.units if _holds(each, day)} for row in groups}
    units = {code for codes in present.values() for code in codes}
    found = members(db.session.scalars(select(Unit.id).where(Unit.code.in_(sorted(units)))).all(), day)
    told = [
        GroupMember(person.code, person.name, unit.code, unit.title)
        for person, unit in found
        if decide_unit(actor, Action.PEOPLE_SEE, unit.path) is None
    ]
    return tuple(
        GroupInFull(
            row, tuple(schemes.get(row.code, ())), tuple(each for each in told if each.unit in present[row.code])
        )
        for row in groups
    )


def _holds(each: GroupedUnit, day: date) -> bool:
    return each.starts_on <= day and (each.ends_on is None or day <= each.ends_on)


def _rows(groups: Iterable[RankingGroup]) -> tuple[GroupRow, ...]:
    found = list(groups)
    query = (
        select(RankingGroupUnit, Unit.code, Unit.title)
        .join(Unit, Unit.id == RankingGroupUnit.unit_id)
        .where(RankingGroupUnit.ranking_group_id.in_([group.id for group in found]))
        .order_by(Unit.code, RankingGroupUnit.starts_on)
    )
    units: dict[int, list[GroupedUnit]] = defaultdict(list)
    for row, code, title in db.session.execute(query):
        units[row.ranking_group_id].append(GroupedUnit(code, title, row.starts_on, row.ends_on))
    return tuple(GroupRow(group.code, group.title, tuple(units[group.id]), group.version) for group in found)


def _schemes() -> Mapping[str, list[RankedScheme]]:
    """Give the schemes that have been ranked in each group, by its code."""
    query = (
        select(Ranking.group_code, Scorecard.scheme_code, Ranking.family, func.max(Plan.period))
        .join(Plan, Plan.id == Ranking.plan_id)
        .join(RankingEntry, RankingEntry.ranking_id == Ranking.id)
        .join(Scorecard, Scorecard.id == RankingEntry.scorecard_id)
        .where(Ranking.within == Within.GROUP)
        .group_by(Ranking.group_code, Scorecard.scheme_code, Ranking.family)
        .order_by(Ranking.group_code, Scorecard.scheme_code)
    )
    found = db.session.execute(query).all()
    named = select(SchemeVersion.code, SchemeVersion.title).order_by(SchemeVersion.number)
    titles = dict(db.session.execute(named.where(SchemeVersion.code.in_({row[1] for row in found}))).all())
    schemes: dict[str, list[RankedScheme]] = defaultdict(list)
    for group, code, family, period in found:
        schemes[group].append(RankedScheme(code, titles[code], family, period))
    return schemes

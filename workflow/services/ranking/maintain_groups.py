"""Ranking groups 考核单元: which units' people compete with each other, since when and until when."""

from datetime import date

from sqlalchemy import select

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.organisation import Unit
from workflow.models.rankings import RankingGroup, RankingGroupUnit
from workflow.models.types import new_id
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import Fields, check_fresh, permit, require_version
from workflow.services.unit_of_work import Kept, Part, unit_of_work
from workflow.wording import Phrase

CODE_LENGTH = 64
TITLE_LENGTH = 128

TAKEN = Phrase("编码 {code} 已被使用", "the code {code} is taken")
NO_UNIT = Phrase("没有编码为 {code} 的单位", "there is no unit with the code {code}")
ELSEWHERE = Phrase("单位 {code} 在此期间已属于其他考核单元", "the unit {code} is in a ranking group in that time")
NOT_IN_IT = Phrase("该日不在此考核单元内", "is not in this ranking group on that day")


def create_group(actor: Actor, clock: Clock, code: str, title: str, kept: Kept | None = None) -> RankingGroup:
    """Make a ranking group without units; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.UNITS_WRITE, COMPANY))
        fields = Fields()
        group = RankingGroup(id=new_id(), code=fields.code("code", code, CODE_LENGTH))
        group.title = fields.text("title", title, TITLE_LENGTH)
        if db.session.scalar(select(RankingGroup.id).where(RankingGroup.code == group.code)) is not None:
            fields.wrong("code", TAKEN, code=group.code)
        fields.check()
        work.create(group, "group.create", role=Role.HR)
        work.finish(group)
        return group


def add_unit(
    actor: Actor,
    clock: Clock,
    code: str,
    *,
    unit: str,
    starts_on: date,
    seen_version: int | None,
    ends_on: date | None = None,
    kept: Kept | None = None,
) -> RankingGroup:
    """Let a unit compete in a ranking group from one day on; raises Refusal where it is in one already."""
    with unit_of_work(actor, clock, kept) as work:
        group = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        found = db.session.scalar(select(Unit).where(Unit.code == unit))
        if found is None:
            fields.wrong("unit", NO_UNIT, code=unit)
        elif _overlapping(found.id, starts_on, ends_on):
            fields.wrong("unit", ELSEWHERE, code=unit)
        fields.in_order(starts_on, ends_on)
        fields.check()
        check_fresh(group, seen_version, ("title",))
        values = {"unit_id": found.id if found else None, "starts_on": starts_on, "ends_on": ends_on}
        row = RankingGroupUnit(id=new_id(), ranking_group_id=group.id)
        work.change(group, "group.add", {}, parts=[Part(row, f"units/{unit}", values, is_new=True)], role=Role.HR)
        work.finish(group)
        return group


def take_out(
    actor: Actor,
    clock: Clock,
    code: str,
    *,
    unit: str,
    last_day: date,
    seen_version: int | None,
    kept: Kept | None = None,
) -> RankingGroup:
    """Let a unit's time in a ranking group end on a day; raises Refusal where it is not in it then."""
    with unit_of_work(actor, clock, kept) as work:
        group = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        query = select(RankingGroupUnit).join(Unit, Unit.id == RankingGroupUnit.unit_id)
        current = overlap(RankingGroupUnit, last_day, last_day)
        row = db.session.scalar(query.where(RankingGroupUnit.ranking_group_id == group.id, Unit.code == unit, current))
        if row is None:
            fields.wrong("unit", NOT_IN_IT)
        fields.check()
        check_fresh(group, seen_version, ("title",))
        parts = [Part(row, f"units/{unit}", {"ends_on": last_day})] if row else []
        work.change(group, "group.take_out", {}, parts=parts, role=Role.HR)
        work.finish(group)
        return group


def _open(actor: Actor, code: str) -> RankingGroup:
    group = db.session.scalar(select(RankingGroup).where(RankingGroup.code == code).with_for_update())
    if group is None or decide_unit(actor, Action.UNITS_SEE):
        raise not_seen()
    permit(decide_unit(actor, Action.UNITS_WRITE, COMPANY))
    return group


def _overlapping(unit_id: int, starts_on: date, ends_on: date | None) -> bool:
    query = select(RankingGroupUnit.id).where(
        RankingGroupUnit.unit_id == unit_id, overlap(RankingGroupUnit, starts_on, ends_on)
    )
    return db.session.scalar(query.limit(1)) is not None

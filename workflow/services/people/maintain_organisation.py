"""The tree of units and who has which function in them; each change is a record of its unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast

from sqlalchemy import select

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.organisation import Person, Unit, UnitFunction
from workflow.models.types import new_id
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import ONE_DAY, Fields, check_fresh, permit, require_version
from workflow.services.people.look_up_organisation import subtree, unit_by_code
from workflow.services.unit_of_work import Kept, Part, unit_of_work
from workflow.wording import Phrase

CODE_LENGTH = 64
TITLE_LENGTH = 128
DEEPEST = 20

_TAKEN = Phrase("编码 {code} 已被使用", "the code {code} is taken")
_NO_UNIT = Phrase("没有编码为 {code} 的单位", "there is no unit with the code {code}")
_NO_PERSON = Phrase("没有工号为 {code} 的人员", "there is no person with the code {code}")
_TOO_DEEP = Phrase("单位层级最多 {most} 级", "units have at most {most} levels")
_INTO_ITSELF = Phrase("不能移到自己或下级单位之下", "a unit can't move below itself")
_FOLLOWED = Phrase("{since} 起已有其他人担任", "somebody else has it from {since}")
_NOT_HELD = Phrase("该日无人担任", "nobody has it on that day")


class Function(StrEnum):
    """What a unit may make of a person; all but `hr` are heads of its people."""

    HEAD = "head"
    ROOM_MANAGER = "room-manager"
    DEPARTMENT_HEAD = "department-head"
    HR = "hr"


FUNCTION_NAMES: dict[Function, Phrase] = {
    Function.HEAD: Phrase("责任人", "person responsible"),
    Function.ROOM_MANAGER: Phrase("业务服务室经理", "service-room manager"),
    Function.DEPARTMENT_HEAD: Phrase("部门负责人", "department head"),
    Function.HR: Phrase("人力资源", "human resources"),
}


@dataclass(frozen=True, slots=True)
class NewUnit:
    """What a unit is made of; `parent` is the code of the unit above, none for the top."""

    code: str
    title: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who has a function of a unit from which day to which."""

    function: str
    person: str
    starts_on: date
    ends_on: date | None = None


def create_unit(actor: Actor, clock: Clock, new: NewUnit, kept: Kept | None = None) -> Unit:
    """Add a unit to the tree; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.UNITS_WRITE, None if new.parent is not None else COMPANY))
        fields = Fields()
        parent = _parent(actor, new.parent, fields)
        code = fields.code("code", new.code, CODE_LENGTH)
        title = fields.text("title", new.title, TITLE_LENGTH)
        if unit_by_code(code) is not None:
            fields.wrong("code", _TAKEN, code=code)
        above = parent.path if parent else COMPANY
        _check_depth(above, 1, fields)
        fields.check()
        unit = Unit(id=new_id(), code=code, title=title, parent_id=parent.id if parent else None)
        unit.path = f"{above}{unit.id}/"
        work.create(unit, "unit.create", role=Role.HR)
        work.finish(unit)
        return unit


def rename_unit(
    actor: Actor, clock: Clock, code: str, *, title: str, seen_version: int | None, kept: Kept | None = None
) -> Unit:
    """Give a unit another title; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        unit = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        values = {"title": fields.text("title", title, TITLE_LENGTH)}
        fields.check()
        check_fresh(unit, seen_version, ("title",))
        work.change(unit, "unit.rename", values, role=Role.HR)
        work.finish(unit)
        return unit


def move_unit(
    actor: Actor, clock: Clock, code: str, *, parent: str | None, seen_version: int | None, kept: Kept | None = None
) -> Unit:
    """Hang a unit, with everything below it, under another one; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        unit = _open(actor, code)
        permit(decide_unit(actor, Action.UNITS_WRITE, None if parent is not None else COMPANY))
        require_version(seen_version)
        fields = Fields()
        above = _parent(actor, parent, fields)
        below = subtree(code)
        if above is not None and above.path.startswith(unit.path):
            fields.wrong("parent", _INTO_ITSELF)
        new_top = above.path if above else COMPANY
        _check_depth(new_top, max(_depth(each.path) for each in below) - _depth(unit.path) + 1, fields)
        fields.check()
        check_fresh(unit, seen_version, ("path",))
        old_top = unit.path.removesuffix(f"{unit.id}/")
        for each in below:
            values: dict[str, object] = {"path": new_top + each.path.removeprefix(old_top)}
            if each is unit:
                values["parent_id"] = above.id if above else None
            work.change(each, "unit.move", values, role=Role.HR)
        work.finish(unit)
        return unit


def appoint(
    actor: Actor,
    clock: Clock,
    code: str,
    appointment: Appointment,
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Unit:
    """Give a function of a unit to a person; whoever had it until then ends the day before. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        unit = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        fields.choice("function", appointment.function, Function)
        fields.in_order(appointment.starts_on, appointment.ends_on)
        person_id = db.session.scalar(select(Person.id).where(Person.code == appointment.person))
        if person_id is None:
            fields.wrong("person", _NO_PERSON, code=appointment.person)
        before = _holders(unit, appointment)
        for holder in before:
            if holder.starts_on > appointment.starts_on:
                fields.wrong("starts_on", _FOLLOWED, since=holder.starts_on.isoformat())
        fields.check()
        check_fresh(unit, seen_version, ("title",))
        last = {"ends_on": appointment.starts_on - ONE_DAY}
        parts = [Part(holder, _place(holder), last) for holder in before]
        fresh = UnitFunction(id=new_id(), unit_id=unit.id, function=appointment.function)
        values = {
            "function": appointment.function,
            "person_id": cast(int, person_id),
            "starts_on": appointment.starts_on,
            "ends_on": appointment.ends_on,
        }
        parts.append(Part(fresh, _place(fresh), values, is_new=True))
        work.change(unit, "unit.appoint", {}, parts=parts, role=Role.HR)
        work.finish(unit)
        return unit


def relieve(
    actor: Actor,
    clock: Clock,
    code: str,
    *,
    function: str,
    last_day: date,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Unit:
    """End a function of a unit without a successor; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        unit = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        fields.choice("function", function, Function)
        held = _holders(unit, Appointment(function, "", last_day, last_day))
        if not held:
            fields.wrong("last_day", _NOT_HELD)
        fields.check()
        check_fresh(unit, seen_version, ("title",))
        parts = [Part(holder, _place(holder), {"ends_on": last_day}) for holder in held]
        work.change(unit, "unit.relieve", {}, parts=parts, role=Role.HR)
        work.finish(unit)
        return unit


def _open(actor: Actor, code: str) -> Unit:
    """Give a unit and hold it; raises Refusal when the actor may not see or not change it."""
    unit = db.session.scalar(select(Unit).where(Unit.code == code).with_for_update())
    if unit is None or decide_unit(actor, Action.UNITS_SEE, unit.path):
        raise not_seen()
    permit(decide_unit(actor, Action.UNITS_WRITE, unit.path))
    return unit


def _parent(actor: Actor, code: str | None, fields: Fields) -> Unit | None:
    """Give the unit that another is to hang under; one out of reach is not told to exist."""
    if code is None:
        return None
    unit = unit_by_code(code)
    if unit is None or decide_unit(actor, Action.UNITS_WRITE, unit.path):
        fields.wrong("parent", _NO_UNIT, code=code)
    return unit


def _holders(unit: Unit, appointment: Appointment) -> Sequence[UnitFunction]:
    """Give who has the function on any of these days."""
    query = select(UnitFunction).where(
        UnitFunction.unit_id == unit.id,
        UnitFunction.function == appointment.function,
        overlap(UnitFunction, appointment.starts_on, appointment.ends_on),
    )
    return db.session.scalars(query).all()


def _place(function: UnitFunction) -> str:
    return f"functions/{function.id}"


def _depth(path: str) -> int:
    return path.count("/") - 1


def _check_depth(above: str, levels: int, fields: Fields) -> None:
    if _depth(above) + levels > DEEPEST:
        fields.wrong("parent", _TOO_DEEP, most=DEEPEST)

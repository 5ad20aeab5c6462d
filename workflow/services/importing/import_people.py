"""Staff from a file: who is new, who is called otherwise or moved, and how all of it is taken back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select

from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.scorecards import Scorecard, Signature
from workflow.policy import COMPANY, Action, Actor, Meaning, Role, decide_unit
from workflow.services.chunks import chunks
from workflow.services.fields import ONE_DAY, Fields
from workflow.services.importing.import_rows import (
    Change,
    CheckedRow,
    Column,
    Effects,
    FileRow,
    Importer,
    Outcome,
    mark_repeated,
    read_date,
)
from workflow.services.people.maintain_people import (
    CODE_LENGTH,
    NAME_LENGTH,
    POST_LENGTH,
    Settled,
    begin,
    check_nothing_later,
    place,
    posts_of,
    transfer_parts,
)
from workflow.services.people.name_keys import name_key
from workflow.services.unit_of_work import Part, Work
from workflow.wording import Phrase

COLUMNS = (
    Column("code", Phrase("工号", "Staff number"), aliases=("人员编码", "员工号", "编号")),
    Column("name", Phrase("姓名", "Name"), aliases=("员工姓名",)),
    Column("unit", Phrase("单位", "Unit"), aliases=("单位编码", "单位名称", "部门", "部门编码", "部门名称")),
    Column("post", Phrase("岗位", "Post"), required=False, aliases=("职位", "岗位名称")),
    Column("since", Phrase("到岗日期", "Since"), required=False, aliases=("入职日期", "开始日期")),
)

_NO_UNIT = Phrase("没有编码或名称为 {unit} 的单位", "there is no unit with the code or title {unit}")
_SEVERAL_UNITS = Phrase("有多个单位名为 {unit},请填写编码", "several units are called {unit}; give the code")
_OUT_OF_REACH = Phrase("工号 {code} 已被其他单位使用", "the staff number {code} belongs to another unit")
_ZEROS_LOST = Phrase("可能缺少前导零:系统中有 {code}", "leading zeros may be lost: there is {code}")
_SINCE_NEEDED = Phrase("新增或调动须填写到岗日期", "who joins or moves needs a date")
_LEFT = Phrase("已于 {day} 离岗,请填写之后的到岗日期", "left on {day}; give a later date")
_LONGEST_ZEROS = 12


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that the rows of a file are compared with."""

    people: Mapping[str, Person]
    posts: Mapping[int, list[Membership]]
    units: Mapping[int, Unit]
    by_name: Mapping[str, list[Unit]]
    without_zeros: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a row does: a new person, or a person's new name or new post."""

    code: str
    name: str
    post: Settled | None
    person: Person | None
    held: tuple[Membership, ...]


def check(actor: Actor, rows: Sequence[FileRow], today: date) -> list[CheckedRow]:  # noqa: ARG001 — one shape for each kind
    """Compare each row with what is known; a unit out of the actor's reach is not told to exist."""
    known = _look_up(rows)
    checked = [_check_row(actor, row, known) for row in rows]
    mark_repeated(checked, [row.text("code") or None for row in rows], "code")
    return checked


def apply(work: Work, rows: Sequence[CheckedRow], reason: str) -> Effects:
    """Write what the rows say; gives what they changed."""
    return [_apply_row(work, row.plan, reason) for row in rows if row.outcome is not Outcome.SAME]


def used_by(effects: Effects, since: datetime) -> tuple[str, ...]:
    """Name what rests on the people of an import: later changes, accounts of new ones, cards prepared since."""
    people = _people_of(effects)
    changed = {people[each["id"]].code for each in effects if people[each["id"]].version != each["version"]}
    fresh = [each["id"] for each in effects if each["is_new"]]
    accounts: set[str] = set()
    for some in chunks(fresh):
        accounts |= set(db.session.scalars(select(Account.username).where(Account.person_id.in_(some))))
    return (*sorted(changed), *sorted(accounts), *sorted(_prepared_since(list(people), since)))


def undo(work: Work, effects: Effects, reason: str) -> None:
    """Give people back the names and posts they had; a post that the import began has never held."""
    people, posts = _people_of(effects), _posts_of(effects)
    for each in effects:
        person = people[each["id"]]
        parts = [_ending(posts[key], date.fromisoformat(last) if last else None) for key, last in each["ended"]]
        if each["begun"] is not None:
            begun = posts[each["begun"]]
            parts.append(_ending(begun, begun.starts_on - ONE_DAY))
        values = {"name": each["name"], "name_key": name_key(each["name"])}
        work.change(person, "person.undo_import", values, parts=parts, role=Role.HR, reason=reason)


PEOPLE = Importer(COLUMNS, check, apply, used_by, undo)


def _look_up(rows: Sequence[FileRow]) -> _Known:
    codes = {row.text("code") for row in rows}
    people = {each.code: each for each in _find_people(codes)}
    lost = {row.text("code") for row in rows if row.is_number("code")} - people.keys()
    padded = {code.zfill(length) for code in lost for length in range(len(code) + 1, _LONGEST_ZEROS + 1)}
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    by_name: dict[str, list[Unit]] = {}
    for unit in units.values():
        by_name.setdefault(unit.title, []).append(unit)
    for unit in units.values():
        by_name[unit.code] = [unit]  # a code names one unit, whatever others are called
    zeros = {each.code.lstrip("0"): each.code for each in _find_people(padded)}
    return _Known(people, posts_of([each.id for each in people.values()]), units, by_name, zeros)


def _find_people(codes: Iterable[str]) -> Iterator[Person]:
    for some in chunks(sorted(codes)):
        yield from db.session.scalars(select(Person).where(Person.code.in_(some)))


def _check_row(actor: Actor, row: FileRow, known: _Known) -> CheckedRow:
    checked = CheckedRow(row.number, row.shown, label=f"{row.text('code')} {row.text('name')}".strip())
    fields = Fields()
    code = fields.code("code", row.text("code"), CODE_LENGTH)
    name = fields.text("name", row.text("name"), NAME_LENGTH)
    post = fields.text("post", row.text("post"), POST_LENGTH, least=0)
    person = known.people.get(code)
    held = tuple(known.posts[person.id]) if person else ()
    unit = _find_unit(actor, row, known, checked)
    since = read_date(row, "since", checked)
    _check_reach(actor, row, known, checked, held, person)
    settled = None
    if unit is not None:
        newest = held[-1] if held else None
        wanted = post if "post" in row.cells or newest is None else newest.post
        if newest is None or newest.ends_on is not None or (newest.unit_id, newest.post) != (unit.id, wanted):
            settled = _settle(Settled(unit.id, wanted, since or date.min), since, held, fields, checked)
            checked.changes += _moves(known, newest, unit, wanted)
    if person is not None and person.name != name:
        checked.changes = (Change("name", person.name, name), *checked.changes)
    checked.plan = _Plan(code, name, settled, person, held)
    checked.errors += fields.errors
    checked.outcome = _outcome(checked, person)
    return checked


def _outcome(checked: CheckedRow, person: Person | None) -> Outcome:
    if checked.errors:
        return Outcome.ERROR
    if person is None:
        return Outcome.NEW
    return Outcome.CHANGED if checked.changes or checked.plan.post else Outcome.SAME


def _find_unit(actor: Actor, row: FileRow, known: _Known, checked: CheckedRow) -> Unit | None:
    text = row.text("unit")
    if not text:
        checked.needed("unit")
        return None
    within_reach = [
        unit for unit in known.by_name.get(text, ()) if decide_unit(actor, Action.PEOPLE_WRITE, unit.path) is None
    ]
    if len(within_reach) == 1:
        return within_reach[0]
    checked.wrong("unit", _SEVERAL_UNITS if within_reach else _NO_UNIT, unit=text)
    return None


def _check_reach(
    actor: Actor,
    row: FileRow,
    known: _Known,
    checked: CheckedRow,
    held: Sequence[Membership],
    person: Person | None,
) -> None:
    """A person of a unit out of reach is not the actor's to change, and a number without its zeros is nobody new."""
    path = known.units[held[-1].unit_id].path if held else COMPANY
    if person is not None and decide_unit(actor, Action.PEOPLE_WRITE, path):
        checked.wrong("code", _OUT_OF_REACH, code=person.code)
    similar = known.without_zeros.get(row.text("code"))
    if person is None and similar is not None and row.is_number("code"):
        checked.wrong("code", _ZEROS_LOST, code=similar)


def _settle(
    settled: Settled, since: date | None, held: Sequence[Membership], fields: Fields, checked: CheckedRow
) -> Settled:
    if since is None:
        if not any(error.path == "since" for error in checked.errors):
            checked.wrong("since", _SINCE_NEEDED)
        return settled
    check_nothing_later(held, since, fields)
    left = held[-1].ends_on if held else None
    if left is not None and since <= left:
        checked.wrong("since", _LEFT, day=left.isoformat())
    return settled


def _moves(known: _Known, newest: Membership | None, unit: Unit, post: str) -> tuple[Change, ...]:
    before = known.units[newest.unit_id].title if newest else ""
    fields = (("unit", before, unit.title), ("post", newest.post if newest else "", post))
    return tuple(Change(*each) for each in fields if each[1] != each[2])


def _apply_row(work: Work, plan: _Plan, reason: str) -> dict[str, Any]:
    if plan.person is None:
        person, begun = begin(work, plan.code, plan.name, cast(Settled, plan.post), reason)
        return {"id": person.id, "version": 1, "is_new": True, "name": plan.name, "ended": [], "begun": begun.id}
    person, was = plan.person, plan.person.name
    parts = transfer_parts(person, plan.held, plan.post) if plan.post else []
    ended = [[part.row.id, _iso(cast(Membership, part.row).ends_on)] for part in parts if not part.is_new]
    begun_id = parts[-1].row.id if parts else None
    values = {"name": plan.name, "name_key": name_key(plan.name)}
    work.change(person, "person.import", values, parts=parts, role=Role.HR, reason=reason)
    return {"id": person.id, "version": person.version, "is_new": False, "name": was, "ended": ended, "begun": begun_id}


def _people_of(effects: Effects) -> dict[int, Person]:
    found: dict[int, Person] = {}
    for some in chunks([each["id"] for each in effects]):
        found |= {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_(some)))}
    return found


def _posts_of(effects: Effects) -> dict[int, Membership]:
    wanted = [key for each in effects for key, _ in each["ended"]]
    wanted += [each["begun"] for each in effects if each["begun"] is not None]
    found: dict[int, Membership] = {}
    for some in chunks(wanted):
        found |= {each.id: each for each in db.session.scalars(select(Membership).where(Membership.id.in_(some)))}
    return found


def _prepared_since(person_ids: Sequence[int], since: datetime) -> set[str]:
    """The numbers of cards about these people that somebody has signed since."""
    found: set[str] = set()
    for some in chunks(person_ids):
        query = (
            select(Scorecard.number)
            .join(Signature, Signature.scorecard_id == Scorecard.id)
            .where(Scorecard.appraised_person_id.in_(some), Signature.meaning == Meaning.PREPARE, Signature.at >= since)
        )
        found |= set(db.session.scalars(query))
    return found


def _ending(post: Membership, last_day: date | None) -> Part:
    return Part(post, place(post), {"ends_on": last_day})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

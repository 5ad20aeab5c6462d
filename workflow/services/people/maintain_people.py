"""People: who joins, is called what, moves where and leaves; each change is a record of the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import or_, select

from workflow.errors import not_seen
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.types import new_id
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.services.chunks import chunks
from workflow.services.clock import Clock
from workflow.services.fields import ONE_DAY, Fields, check_fresh, permit, require_version
from workflow.services.people.look_up_organisation import unit_by_code
from workflow.services.people.name_keys import name_key
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

CODE_LENGTH = 32
NAME_LENGTH = 64
POST_LENGTH = 64

_TAKEN = Phrase("工号 {code} 已被使用", "the staff number {code} is taken")
_NO_UNIT = Phrase("没有编码为 {code} 的单位", "there is no unit with the code {code}")
_LATER_POST = Phrase("{since} 起已有岗位安排", "there is a post from {since} on already")
_NO_POST = Phrase("该日不在岗", "has no post on that day")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a person is made of: staff number, name, and the first post."""

    code: str
    name: str
    unit: str
    post: str
    since: date


@dataclass(frozen=True, slots=True)
class Post:
    """A post in a unit, and since when."""

    unit: str
    post: str
    since: date


@dataclass(frozen=True, slots=True)
class Settled:
    """A post that has been checked: its unit is there and within reach."""

    unit_id: int
    post: str
    since: date


def create_person(actor: Actor, clock: Clock, new: NewPerson, kept: Kept | None = None) -> Person:
    """Let a person join a unit; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.PEOPLE_WRITE))
        fields = Fields()
        code = fields.code("code", new.code, CODE_LENGTH)
        name = fields.text("name", new.name, NAME_LENGTH)
        settled = _settle(actor, Post(new.unit, new.post, new.since), fields)
        if db.session.scalar(select(Person.id).where(Person.code == code)) is not None:
            fields.wrong("code", _TAKEN, code=code)
        fields.check()
        person, _ = begin(work, code, name, settled)
        work.finish(person)
        return person


def rename_person(
    actor: Actor, clock: Clock, code: str, *, name: str, seen_version: int | None, kept: Kept | None = None
) -> Person:
    """Change a person's name; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        person, _ = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        text = fields.text("name", name, NAME_LENGTH)
        fields.check()
        check_fresh(person, seen_version, ("name",))
        work.change(person, "person.rename", {"name": text, "name_key": name_key(text)}, role=Role.HR)
        work.finish(person)
        return person


def transfer(
    actor: Actor, clock: Clock, code: str, to: Post, *, seen_version: int | None, kept: Kept | None = None
) -> Person:
    """Give a person another post or unit from a day on: the present one ends the day before; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        person, held = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        settled = _settle(actor, to, fields)
        check_nothing_later(held, to.since, fields)
        fields.check()
        check_fresh(person, seen_version, ("name",))
        parts = transfer_parts(person, held, settled)
        work.change(person, "person.transfer", {}, parts=parts, role=Role.HR)
        work.finish(person)
        return person


def leave(
    actor: Actor,
    clock: Clock,
    code: str,
    *,
    last_day: date,
    seen_version: int | None,
    reason: str = "",
    kept: Kept | None = None,
) -> Person:
    """Let a person leave: the present post ends on the last day; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        person, held = _open(actor, code)
        require_version(seen_version)
        fields = Fields()
        check_nothing_later(held, last_day + ONE_DAY, fields)
        ending = [each for each in held if _holds(each, last_day)]
        if not ending:
            fields.wrong("last_day", _NO_POST)
        fields.check()
        check_fresh(person, seen_version, ("name",))
        parts = [Part(each, place(each), {"ends_on": last_day}) for each in ending]
        work.change(person, "person.leave", {}, parts=parts, role=Role.HR, reason=reason)
        work.finish(person)
        return person


def begin(work: Work, code: str, name: str, post: Settled, reason: str = "") -> tuple[Person, Membership]:
    """Bring a person into being with the first post, within a transaction."""
    person = Person(id=new_id(), code=code, name=name, name_key=name_key(name))
    part = _fresh(person, post)
    work.create(person, "person.create", parts=[part], role=Role.HR, reason=reason)
    return person, cast(Membership, part.row)


def transfer_parts(person: Person, held: Sequence[Membership], post: Settled) -> list[Part]:
    """Give the parts of a transfer: what held on the first day of the new post ends the day before."""
    last = {"ends_on": post.since - ONE_DAY}
    ended = [Part(each, place(each), last) for each in held if _holds(each, post.since)]
    return [*ended, _fresh(person, post)]


def check_nothing_later(held: Sequence[Membership], since: date, fields: Fields) -> None:
    """Say that `since` is wrong when a later post is settled already."""
    for each in held:
        if each.starts_on > since:
            fields.wrong("since", _LATER_POST, since=each.starts_on.isoformat())


def posts_of(person_ids: Sequence[int]) -> dict[int, list[Membership]]:
    """Give the posts of people that held on some day, oldest first."""
    found: dict[int, list[Membership]] = {person_id: [] for person_id in person_ids}
    held = or_(Membership.ends_on.is_(None), Membership.ends_on >= Membership.starts_on)
    for some in chunks(person_ids):
        query = select(Membership).where(Membership.person_id.in_(some), held).order_by(Membership.starts_on)
        for each in db.session.scalars(query):
            found[each.person_id].append(each)
    return found


def place(post: Membership) -> str:
    """Say where a post stands in the record of its person."""
    return f"memberships/{post.id}"


def _open(actor: Actor, code: str) -> tuple[Person, list[Membership]]:
    """Give a person, held, with their posts; raises Refusal when the actor may not see or not change them."""
    person = db.session.scalar(select(Person).where(Person.code == code).with_for_update())
    if person is None:
        raise not_seen()
    held = posts_of([person.id])[person.id]
    path = db.session.scalar(select(Unit.path).where(Unit.id == held[-1].unit_id)) if held else None
    if decide_unit(actor, Action.PEOPLE_SEE, path or COMPANY):
        raise not_seen()
    permit(decide_unit(actor, Action.PEOPLE_WRITE, path or COMPANY))
    return person, held


def _settle(actor: Actor, to: Post, fields: Fields) -> Settled:
    """Check a post; a unit out of reach is not told to exist."""
    post = fields.text("post", to.post, POST_LENGTH, least=0)
    unit = unit_by_code(to.unit)
    if unit is None or decide_unit(actor, Action.PEOPLE_WRITE, unit.path):
        fields.wrong("unit", _NO_UNIT, code=to.unit)
    return Settled(unit.id if unit else 0, post, to.since)


def _holds(post: Membership, day: date) -> bool:
    return post.starts_on <= day and (post.ends_on is None or post.ends_on >= day)


def _fresh(person: Person, post: Settled) -> Part:
    row = Membership(id=new_id(), person_id=person.id)
    values = {"unit_id": post.unit_id, "post": post.post, "starts_on": post.since, "ends_on": None}
    return Part(row, place(row), values, is_new=True)

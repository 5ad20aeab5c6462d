"""Measurements: taking indicator values in, taking them back, and settling what approved cards have measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from workflow.errors import FieldError, Refusal, invalid
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.organisation import Person, Unit
from workflow.numbers import NumberError, parse_number
from workflow.policy import SIGNING_ROLES, UNIT_ROLES, Action, Actor, decide_unit, unit_items
from workflow.scoring.periods import Period, PeriodError
from workflow.services.clock import Clock
from workflow.services.fields import Fields
from workflow.services.people.look_up_organisation import units_of_people
from workflow.services.scorecards import cards, derive
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.feeding import Measured as Held
from workflow.services.scorecards.feeding import measured_value
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.wording import Phrase

MOST_MEASUREMENTS = 5000
NO_SUCH_SUBJECT = Phrase("没有编码为 {code} 的单位或人员", "there is no unit or person with the code {code}")
NOT_YOUR_ITEM = Phrase("指标 {item} 不在您的授权之内", "the indicator {item} is not among those granted to you")
ITEM_LENGTH = 64
SOURCE_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Measured:
    """One value as it is told: indicator, subject's code, period, value and where it comes from."""

    item: str
    subject: str
    period: str
    value: object
    source: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose value it is: a unit or a person, with the unit they belong to."""

    kind: str
    id: int
    code: str
    unit_id: int
    unit_path: str


@dataclass(frozen=True, slots=True)
class ReadValue:
    """One value that has been checked: its subject is there and within reach, period and number are well-formed."""

    subject: Subject
    item: str
    period: Period
    value: Decimal
    source: str


def record_measurements(
    actor: Actor, clock: Clock, rows: Sequence[Measured], kept: Kept | None = None
) -> list[Measurement]:
    """Take in values in one transaction, all or none; drafts that they feed or whose baseline they move follow."""
    with unit_of_work(actor, clock, kept) as work:
        cards.check(decide_unit(actor, Action.MEASUREMENTS_WRITE))
        stored = put_measurements(work, actor, rows)
        work.finish(stored)
        return stored


def put_measurements(work: Work, actor: Actor, rows: Sequence[Measured]) -> list[Measurement]:
    """Take in values within a transaction; raises Refusal naming every row that is wrong."""
    answers = read_values(actor, rows, work.now.date())
    faults = [error for answer in answers if isinstance(answer, Refusal) for error in answer.errors]
    if faults:
        raise invalid(*faults)
    read = [answer for answer in answers if isinstance(answer, ReadValue)]
    return _put(work, read)


def read_values(actor: Actor, rows: Sequence[Measured], day: date) -> list[ReadValue | Refusal]:
    """Check values without writing anything: for each row what it says, or what is wrong with it."""
    subjects = find_subjects({row.subject for row in rows}, day)
    answers: list[ReadValue | Refusal] = []
    for place, row in enumerate(rows):
        try:
            answers.append(_read(row, subjects.get(row.subject), actor, f"[{place}]"))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


def take_back(work: Work, row: Measurement, value: Decimal | None, source: str) -> None:
    """Give a measurement back the value that it had before, or none: then it counts for nothing. Drafts follow."""
    values: dict[str, object] = {"withdrawn": True} if value is None else {"value": value, "source": source}
    work.change(row, "measurement.take_back", values)
    derive.follow(work, [row])


def settle(work: Work, opened: OpenCard) -> None:
    """Keep what an approved card has measured, so that it counts in later periods.

    That is the value behind a baseline, the actual of what adds up over the year, and a value that holds for a longer
    period of which nothing has been told yet.
    """
    card = opened.card
    subject = Subject(card.subject_kind, card.subject_id, card.subject_code, card.unit_id, opened.found.unit_path)
    source = f"{card.number}-R{card.revision}" if card.revision else card.number
    held = Held([opened])
    read = []
    for code, item in opened.scorer.scheme.items.items():
        period = item.value_period(opened.period)
        value = measured_value(item, opened.items[code].input)
        is_told = item.holds_for is not None and held.of(opened, code, period) is not None
        if value is not None and not is_told:
            read.append(ReadValue(subject, code, period, value, source))
    _put(work, read)


def find_subjects(codes: Iterable[str], day: date) -> dict[str, Subject]:
    """Give the units, and the people who belong to one on that day, that have these codes."""
    wanted = sorted(codes)
    units = db.session.scalars(select(Unit).where(Unit.code.in_(wanted)))
    found = {unit.code: Subject("unit", unit.id, unit.code, unit.id, unit.path) for unit in units}
    people = db.session.scalars(select(Person).where(Person.code.in_(wanted))).all()
    belonging = units_of_people([person.id for person in people], day)
    for person in people:
        if person.id in belonging and person.code not in found:
            unit = belonging[person.id]
            found[person.code] = Subject("person", person.id, person.code, unit.id, unit.path)
    return found


def _read(row: Measured, subject: Subject | None, actor: Actor, path: str) -> ReadValue:
    """Read one row; raises Refusal with the field that is wrong. A subject out of scope is not told to exist."""
    if subject is None or decide_unit(actor, Action.MEASUREMENTS_WRITE, subject.unit_path):
        raise invalid(FieldError(f"{path}.subject", NO_SUCH_SUBJECT, {"code": row.subject}))
    fields = Fields()
    item = fields.code(f"{path}.item", row.item, ITEM_LENGTH)
    source = fields.text(f"{path}.source", row.source, SOURCE_LENGTH, least=0)
    fields.check()
    if item not in unit_items(actor, Action.MEASUREMENTS_WRITE, subject.unit_path):
        raise invalid(FieldError(f"{path}.item", NOT_YOUR_ITEM, {"item": item}))
    try:
        return ReadValue(subject, item, Period.parse(row.period), parse_number(row.value), source)
    except PeriodError as error:
        raise invalid(FieldError(f"{path}.period", error.phrase)) from error
    except NumberError as error:
        raise invalid(FieldError(f"{path}.value", error.phrase)) from error


def _put(work: Work, read: Sequence[ReadValue]) -> list[Measurement]:
    """Insert or move on the one row of each indicator, subject and period; those that are the same already stay so."""
    rows = _rows_of(read)
    stored, moved = [], []
    for each in read:
        row = rows.get(_key(each))
        role = work.actor.acts_as(_TAKEN_IN_BY, each.subject.unit_path)
        if row is None:
            row = rows[_key(each)] = _new(each)
            work.create(row, "measurement.put", role=role)
            moved.append(row)
        elif row.withdrawn or row.value != each.value or row.source != each.source:
            values = {"value": each.value, "source": each.source, "withdrawn": False}
            work.change(row, "measurement.put", values, role=role)
            moved.append(row)
        stored.append(row)
    derive.follow(work, moved)
    return stored


_TAKEN_IN_BY = UNIT_ROLES[Action.MEASUREMENTS_WRITE] | SIGNING_ROLES
"""Who tells a value, or signs the card that settles it."""

_Key = tuple[str, str, int, str, str]


def _key(read: ReadValue) -> _Key:
    return read.item, read.subject.kind, read.subject.id, read.period.frequency, read.period.label


def _rows_of(read: Sequence[ReadValue]) -> dict[_Key, Measurement]:
    """Find the rows of these values that are there already, and hold them until the transaction ends."""
    query = select(Measurement).where(
        Measurement.item.in_({each.item for each in read}),
        Measurement.subject_id.in_({each.subject.id for each in read}),
        Measurement.period.in_({each.period.label for each in read}),
    )
    found = db.session.scalars(query.order_by(Measurement.id).with_for_update())
    return {(row.item, row.subject_kind, row.subject_id, row.frequency, row.period): row for row in found}


def _new(read: ReadValue) -> Measurement:
    return Measurement(
        item=read.item,
        subject_kind=read.subject.kind,
        subject_id=read.subject.id,
        subject_code=read.subject.code,
        unit_id=read.subject.unit_id,
        frequency=read.period.frequency,
        period=read.period.label,
        value=read.value,
        source=read.source,
    )

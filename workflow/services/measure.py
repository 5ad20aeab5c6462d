"""Measurements: taking indicator values in, feeding drafts from them, and settling what approved cards have measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from workflow.errors import FieldError, Refusal, invalid
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.measurements import Measurement
from workflow.models.organisation import Person, Unit
from workflow.models.scorecards import Scorecard, ScorecardItem
from workflow.numbers import NumberError, parse_number
from workflow.policy import Action, Actor, State, decide_unit, unit_items
from workflow.scoring.card import ItemOutcome
from workflow.scoring.periods import Period, PeriodError
from workflow.scoring.rules.baseline import BaselineRule
from workflow.services import cards
from workflow.services.cards import OpenCard
from workflow.services.clock import Clock
from workflow.services.look_up_organisation import units_of_people
from workflow.services.maintain_schemes import scorer_of
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

MOST_MEASUREMENTS = 5000
NO_SUCH_SUBJECT = Phrase("没有编码为 {code} 的单位或人员", "there is no unit or person with the code {code}")
NOT_YOUR_ITEM = Phrase("指标 {item} 不在您的授权之内", "the indicator {item} is not among those granted to you")
ITEM_NEEDED = Phrase("请填写指标编码", "name the indicator")


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
    cards.check(decide_unit(actor, Action.MEASUREMENTS_WRITE))
    with unit_of_work(actor, clock, kept) as work:
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
    stored = [_store(work, each) for each in read]
    for each in read:
        _follow(work, each.item, each.subject.kind, each.subject.id, each.period)
    return stored


def read_values(actor: Actor, rows: Sequence[Measured], day: date) -> list[ReadValue | Refusal]:
    """Check values without writing anything: for each row what it says, or what is wrong with it."""
    subjects = _find_subjects({row.subject for row in rows}, day)
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
    _follow(work, row.item, row.subject_kind, row.subject_id, Period.parse(row.period))


def settle(work: Work, opened: OpenCard) -> None:
    """Keep what an approved card has measured, so that it counts in the history of later periods."""
    card = opened.card
    subject = Subject(card.subject_kind, card.subject_id, card.subject_code, card.unit_id, opened.found.unit_path)
    for code, item in opened.items.items():
        if not isinstance(opened.scorer.scheme.items[code].rule, BaselineRule) or not item.input:
            continue
        value = parse_number(item.input["value"])
        source = f"{card.number}-R{card.revision}" if card.revision else card.number
        _store(work, ReadValue(subject, code, opened.period, value, source))
        _follow(work, code, card.subject_kind, card.subject_id, opened.period)


def refresh_drafts(actor: Actor, clock: Clock, card_ids: Sequence[int]) -> None:
    """Score drafts anew where their history gives other points than they show; what changes is recorded."""
    wanted = _differing(card_ids)
    if not wanted:
        return
    with unit_of_work(actor, clock) as work:
        for card_id in wanted:
            for opened in _drafts(Scorecard.id == card_id):
                _rescore(work, opened, opened.items)


def feed_new_cards(work: Work, opened: OpenCard) -> None:
    """Fill a new card's items from the measurements of its period."""
    card = opened.card
    query = select(Measurement).where(
        Measurement.subject_kind == card.subject_kind,
        Measurement.subject_id == card.subject_id,
        Measurement.frequency == opened.period.frequency,
        Measurement.period == card.period,
        Measurement.item.in_(list(opened.items)),
        Measurement.withdrawn.is_(False),
    )
    found = {each.item: each for each in db.session.scalars(query)}
    if found:
        _rescore(work, opened, found, found)


def _differing(card_ids: Sequence[int]) -> list[int]:
    found = []
    for opened in _drafts(Scorecard.id.in_(sorted(card_ids)), lock=False):
        for code, item in opened.items.items():
            if not isinstance(opened.scorer.scheme.items[code].rule, BaselineRule):
                continue
            if cards.score(opened, code, item.input, item.source).points != item.points:
                found.append(opened.card.id)
                break
    db.session.rollback()  # the reading is over; the writers begin anew
    return found


def _find_subjects(codes: Iterable[str], day: date) -> dict[str, Subject]:
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
    if not row.item.strip():
        raise invalid(FieldError(f"{path}.item", ITEM_NEEDED))
    if row.item not in unit_items(actor, Action.MEASUREMENTS_WRITE, subject.unit_path):
        raise invalid(FieldError(f"{path}.item", NOT_YOUR_ITEM, {"item": row.item}))
    try:
        return ReadValue(subject, row.item, Period.parse(row.period), parse_number(row.value), row.source)
    except PeriodError as error:
        raise invalid(FieldError(f"{path}.period", error.phrase)) from error
    except NumberError as error:
        raise invalid(FieldError(f"{path}.value", error.phrase)) from error


def _store(work: Work, read: ReadValue) -> Measurement:
    """Insert or move on the one row of this indicator, subject and period; an unchanged one stays as it is."""
    query = select(Measurement).where(
        Measurement.item == read.item,
        Measurement.subject_kind == read.subject.kind,
        Measurement.subject_id == read.subject.id,
        Measurement.frequency == read.period.frequency,
        Measurement.period == read.period.label,
    )
    row = db.session.scalar(query.with_for_update())
    if row is None:
        row = Measurement(
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
        work.create(row, "measurement.put")
    elif row.withdrawn or row.value != read.value or row.source != read.source:
        work.change(row, "measurement.put", {"value": read.value, "source": read.source, "withdrawn": False})
    return row


def _follow(work: Work, item: str, kind: str, subject_id: int, period: Period) -> None:
    """Let the subject's drafts follow: this period's take the value, later ones a new baseline."""
    has_item = select(ScorecardItem.scorecard_id).where(
        ScorecardItem.scorecard_id == Scorecard.id, ScorecardItem.code == item
    )
    mine = (Scorecard.subject_kind == kind) & (Scorecard.subject_id == subject_id) & has_item.exists()
    for opened in _drafts(mine & or_(Scorecard.period == period.label, Scorecard.period > period.label)):
        if opened.period.frequency is not period.frequency:
            continue
        if opened.card.period != period.label:
            _rescore(work, opened, [item])
            continue
        fed = _measurement_of(opened, item)
        _rescore(work, opened, [item], {} if fed is None else {item: fed})


def _measurement_of(opened: OpenCard, item: str) -> Measurement | None:
    row = opened.items[item]
    if row.input is not None and not row.is_fed:
        return None  # a person's own entry stands; who signs is shown that the source differs
    query = select(Measurement).where(
        Measurement.item == item,
        Measurement.subject_kind == opened.card.subject_kind,
        Measurement.subject_id == opened.card.subject_id,
        Measurement.frequency == opened.period.frequency,
        Measurement.period == opened.card.period,
        Measurement.withdrawn.is_(False),
    )
    return db.session.scalar(query)


def _drafts(condition: Any, *, lock: bool = True) -> list[OpenCard]:
    query = select(Scorecard.id).where(condition, Scorecard.state == State.DRAFT)
    card_ids = db.session.scalars(query).all()
    found = card_queries.find_cards(card_ids, lock=lock)
    items = card_queries.items_of(list(found))
    return [
        OpenCard(each, items[card_id], scorer_of(each.card.scheme_version_id))
        for card_id, each in found.items()
        if each.card.state == State.DRAFT
    ]


def _rescore(work: Work, opened: OpenCard, codes: Iterable[str], fed: Mapping[str, Measurement] | None = None) -> None:
    """Score items anew from their inputs, or from the measurements that feed them, as one derived change of the card."""
    outcomes: dict[str, ItemOutcome] = {}
    parts: list[Part] = []
    for code in codes:
        item, source = opened.items[code], (fed or {}).get(code)
        takes_value = "value" in getattr(opened.scorer.scheme.items[code].rule, "keys", ())
        values: dict[str, object] = {}
        if source is None and item.is_fed and fed is not None:
            values = {"input": None, "source": "", "is_fed": False}  # what fed it was taken back
        if source is not None and takes_value:
            values = {"input": {"value": format(source.value, "f")}, "source": source.source, "is_fed": True}
        entered = values.get("input", item.input)
        outcome = cards.score(opened, code, entered, str(values.get("source", item.source)))  # type: ignore[arg-type]
        values |= cards.outcome_as_values(outcome)
        if values["points"] != item.points or values.get("input", item.input) != item.input:
            parts.append(Part(item, f"items/{code}", values))
            outcomes[code] = outcome
    if parts:
        totals = cards.totals_as_values(cards.add_up(opened, outcomes))
        work.change(opened.card, "scorecard.derive", totals, parts=parts)

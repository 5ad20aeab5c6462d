"""One record as it is told: who did what to which entity, and what that entity is called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from workflow.models.accounts import Account, RoleGrant
from workflow.models.actions import ActionItem
from workflow.models.calendar import CalendarDay
from workflow.models.delegations import Delegation
from workflow.models.erasures import ErasedContent, Erasure
from workflow.models.evidence import EvidenceFile
from workflow.models.imports import ImportBatch
from workflow.models.improvements import Improvement
from workflow.models.interviews import Interview
from workflow.models.ledger import LedgerEntry
from workflow.models.log import LogEntry
from workflow.models.measurements import Measurement
from workflow.models.objections import Objection
from workflow.models.organisation import Person, Unit
from workflow.models.payroll import BonusBase, PayrollBatch
from workflow.models.personnel import LevelGiven, Standing
from workflow.models.plans import Plan
from workflow.models.portfolios import Customer, GrowthTarget
from workflow.models.questions import CardQuestion
from workflow.models.rankings import Ranking, RankingGroup
from workflow.models.rates import ExchangeRate
from workflow.models.ratings import Rating
from workflow.models.record import Record, RecordContent
from workflow.models.reminders import Reminder
from workflow.models.reports import Report
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Acknowledgement, Scorecard

_Actor, _Holder, _Named, _Order = aliased(Account), aliased(Account), aliased(Account), aliased(Erasure)

_Points = Mapping[str, InstrumentedAttribute[Any]]

_AT_CARD: _Points = {
    "acknowledgement": Acknowledgement.scorecard_id,
    "objection": Objection.scorecard_id,
    "question": CardQuestion.scorecard_id,
}
_AT_PLAN: _Points = {
    "report": Report.plan_id,
    "payroll": PayrollBatch.plan_id,
    "ranking": Ranking.plan_id,
    "reminder": Reminder.plan_id,
}
_AT_PERSON: _Points = {
    "standing": Standing.person_id,
    "level": LevelGiven.person_id,
    "bonus-base": BonusBase.person_id,
    "growth": GrowthTarget.person_id,
    "erasure": _Order.person_id,
}
_AT_ACCOUNT: _Points = {"grant": RoleGrant.account_id, "delegation": Delegation.delegate_id}
"""Kinds that are called by what they point at: a card, a plan, a person, an account."""

_BY_THEMSELVES: _Points = {
    "scheme": SchemeVersion.id,
    "measurement": Measurement.id,
    "import": ImportBatch.id,
    "ledger": LedgerEntry.id,
    "action": ActionItem.id,
    "interview": Interview.id,
    "improvement": Improvement.id,
    "rating": Rating.id,
    "rate": ExchangeRate.id,
    "customer": Customer.id,
    "group": RankingGroup.id,
    "calendar": CalendarDay.id,
    "evidence": EvidenceFile.id,
}
"""Kinds that have a name of their own."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as plain data; None where there was nothing."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where a card that a record speaks of is found."""

    id: int
    period: str
    unit: str
    subject_name: str


@dataclass(frozen=True, slots=True)
class ErasedBy:
    """The order by which a record's content was erased: its number, when, and the paper it rests on."""

    number: int
    at: datetime
    order: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record: who, as what, for whom, did what to which version of which entity, and why.

    `index` is its place in the log, none until it has been written there; a refused signing has no version.
    """

    id: int
    index: int | None
    at: datetime
    event: str
    entity_kind: str
    entity_id: int
    code: str | None  # what the entity is called: number, code or user name
    title: str | None
    version: int | None
    username: str | None  # nobody: the product itself
    name: str | None
    role: str | None
    on_behalf_of: str | None
    reason: str
    changes: tuple[FieldChange, ...]
    request_id: str
    state: str | None
    card: CardPlace | None
    scheme_version_id: int | None  # by which its items are named
    erased: ErasedBy | None = None  # an order has taken what it said


def field_change(change: Mapping[str, Any]) -> FieldChange:
    """Read one change as the record keeps it."""
    return FieldChange(change["field"], change["from"], change["to"])


def told() -> Select[*tuple[Any, ...]]:
    """Begin a query for records with what their entities are called; everything beside the record is found by its key."""
    query = (
        select(Record, RecordContent.content, LogEntry.log_index)
        .add_columns(_Actor.username, _Actor.name, _Holder.name, Scorecard, Unit.code)
        .add_columns(_code(), _title(), _scheme(), Erasure)
        .outerjoin(RecordContent, RecordContent.record_id == Record.id)
        .outerjoin(LogEntry, LogEntry.record_id == Record.id)
        .outerjoin(ErasedContent, ErasedContent.erased_record_id == Record.id)
        .outerjoin(Erasure, Erasure.id == ErasedContent.erasure_id)
        .outerjoin(_Actor, _Actor.id == Record.actor_id)
        .outerjoin(_Holder, _Holder.id == Record.on_behalf_of)
    )
    for table, condition in _entities():
        query = query.outerjoin(table, condition)
    of_unit = case((Record.entity_kind == "unit", Record.entity_id), else_=Scorecard.unit_id)
    return query.outerjoin(Unit, Unit.id == of_unit)


def _entities() -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """Give the tables that say what an entity is called, each with when it is the one: first what points, then what is pointed at."""
    for kind, column in {**_AT_CARD, **_AT_PLAN, **_AT_PERSON, **_AT_ACCOUNT, **_BY_THEMSELVES}.items():
        entity: Any = _Order if kind == "erasure" else column.class_
        yield entity, and_(Record.entity_kind == kind, entity.id == Record.entity_id)
    pointed_at: tuple[tuple[str, Any, _Points], ...] = (
        ("scorecard", Scorecard, _AT_CARD),
        ("plan", Plan, _AT_PLAN),
        ("person", Person, _AT_PERSON),
        ("account", _Named, _AT_ACCOUNT),
    )
    for itself, table, points in pointed_at:
        entity_id = case(*((Record.entity_kind == kind, at) for kind, at in points.items()), else_=Record.entity_id)
        yield table, and_(Record.entity_kind.in_((itself, *points)), table.id == entity_id)


def _code() -> ColumnElement[str]:
    named = (
        Scorecard.number,
        Plan.code,
        Person.code,
        SchemeVersion.code,
        Measurement.item,
        LedgerEntry.item_code,
        Rating.subject_code,
        _Named.username,
        RankingGroup.code,
        cast(CalendarDay.day, String),
    )
    return func.coalesce(*named, ImportBatch.file_name, ExchangeRate.currency, Customer.code, Unit.code)


def _title() -> ColumnElement[str]:
    subjects = (each.subject_name for each in (Scorecard, LedgerEntry, Rating, ActionItem, Interview, Improvement))
    named = (
        Plan.title,
        Person.name,
        SchemeVersion.title,
        Measurement.subject_code,
        _Named.name,
        RankingGroup.title,
        CalendarDay.title,
        EvidenceFile.file_name,
    )
    return func.coalesce(*subjects, *named, ImportBatch.kind, Customer.name, Unit.title)


def _scheme() -> ColumnElement[int]:
    return func.coalesce(Scorecard.scheme_version_id, LedgerEntry.scheme_version_id, Rating.scheme_version_id)


def record_row(row: tuple[Any, ...]) -> RecordRow:
    """Read one row of the query that `told` begins."""
    record, content, index, username, name, holder, card, unit, code, title, scheme_version_id, order = row
    told = content or {}  # erased by order: what is left is that something happened
    return RecordRow(
        id=record.id,
        index=index,
        at=record.at,
        event=record.event,
        entity_kind=record.entity_kind,
        entity_id=record.entity_id,
        code=code,
        title=title,
        version=record.version,
        username=username,
        name=name,
        role=record.role,
        on_behalf_of=holder,
        reason=told.get("reason", ""),
        changes=tuple(field_change(change) for change in told.get("changes", ())),
        request_id=record.request_id,
        state=record.state,
        card=CardPlace(card.id, card.period, unit, card.subject_name) if card is not None else None,
        erased=ErasedBy(order.number, order.at, order.order_text) if order is not None else None,
        scheme_version_id=scheme_version_id,
    )

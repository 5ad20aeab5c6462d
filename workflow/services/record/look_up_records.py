"""Reading the written record: of one card, and a search as far as the reader's scope goes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from workflow.errors import FieldError, invalid
from workflow.models import card_queries
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.erasures import ErasedContent, Erasure
from workflow.models.imports import ImportBatch
from workflow.models.improvements import Improvement
from workflow.models.ledger import LedgerEntry
from workflow.models.log import LogEntry
from workflow.models.measurements import Measurement
from workflow.models.objections import Objection
from workflow.models.organisation import Membership, Person, Unit
from workflow.models.payroll import BonusBase, PayrollBatch
from workflow.models.personnel import LevelGiven, Standing
from workflow.models.plans import Plan
from workflow.models.portfolios import Customer
from workflow.models.questions import CardQuestion
from workflow.models.rates import ExchangeRate
from workflow.models.ratings import Rating
from workflow.models.record import Record, RecordContent
from workflow.models.recorded import RECORDED
from workflow.models.reports import Report
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Acknowledgement, Scorecard
from workflow.policy import (
    ALL,
    COMPANY,
    UNIT_ROLES,
    Action,
    Actor,
    Scope,
    card_scope,
    outermost,
    record_reach,
    visible_items,
)
from workflow.services.paging import MOST_ROWS, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within
from workflow.services.reporting import look_up_reports
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.wording import Phrase

KINDS = tuple(dict.fromkeys(table.kind for table in RECORDED.values()))
"""The kinds of entities that have records."""

OF_ACCESS = ("account", "grant", "delegation")
"""What an operator reads: who may sign in, and as what."""

NO_SUCH_ENTITY = Phrase("应为“类别”或“类别:编号”", "must be a kind, or kind:id")
PLACES_OF_ITEMS = ("items", "adjustments")
DIGITS_OF_AN_ID = 18

_Actor, _Holder, _Named = aliased(Account), aliased(Account), aliased(Account)


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


@dataclass(frozen=True, slots=True)
class RecordsWanted:
    """What a search is narrowed to: an entity as `kind` or `kind:id`, an actor's user name, an event, from when to when."""

    entity: str = ""
    actor: str = ""
    event: str = ""
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = False


def records_of_card(actor: Actor, card_id: int, asked: PageAsked, *, newest_first: bool = False) -> Page[RecordRow]:
    """Give the records of one card; a recorder's only as far as they speak of the recorder's items. Raises Refusal."""
    opened = cards.open_card(actor, Action.CARD_RECORD, card_id)
    wanted = and_(Record.entity_kind == "scorecard", Record.entity_id == card_id)
    found = _page(wanted, asked, newest_first=newest_first)
    return Page(seen_records(actor, opened, found.rows), found.after, found.total)


def search_records(actor: Actor, wanted: RecordsWanted, asked: PageAsked) -> Page[RecordRow]:
    """Search the record within the reader's reach, in three queries; raises Refusal for an impossible entity or place."""
    return _page(and_(_reached(actor), *_narrowed(wanted)), asked, newest_first=wanted.newest_first)


def seen_records(actor: Actor, opened: OpenCard, rows: Sequence[RecordRow]) -> tuple[RecordRow, ...]:
    """Leave out of a card's records what speaks of other items than the reader may see."""
    seen = visible_items(actor, cards.facts_of(opened))
    if seen is not ALL:
        seen = visible_items(actor, cards.facts_with_history(opened, actor))
    if isinstance(seen, frozenset):
        return tuple(part for row in rows if (part := _part_of(row, seen)) is not None)
    return tuple(rows)


def item_of(change: FieldChange) -> str | None:
    """Give the code of the item that a change of a card speaks of; none for the card's own fields."""
    place, _, rest = change.field.partition("/")
    return rest.partition("/")[0] if place in PLACES_OF_ITEMS else None


def field_change(change: Mapping[str, Any]) -> FieldChange:
    """Read one change as the record keeps it."""
    return FieldChange(change["field"], change["from"], change["to"])


def _part_of(row: RecordRow, seen: frozenset[str]) -> RecordRow | None:
    """Give what a record says of these items, if anything; its reason only where it concerns nothing else."""
    mine = tuple(change for change in row.changes if item_of(change) in seen)
    others = {item_of(change) for change in row.changes} - seen - {None}
    return replace(row, changes=mine, reason="" if others else row.reason) if mine else None


def _page(wanted: ColumnElement[bool], asked: PageAsked, *, newest_first: bool) -> Page[RecordRow]:
    """Find the ids first, by which alone they are counted and ordered, then read what they are."""
    query = select(Record.id).where(wanted)
    found = page(query, (Record.id,), asked, lambda row: int(row[0]), newest_first=newest_first)
    rows = {row[0].id: _row(tuple(row)) for row in db.session.execute(_told().where(Record.id.in_(found.rows)))}
    return Page(tuple(rows[record_id] for record_id in found.rows), found.after, found.total)


def _narrowed(wanted: RecordsWanted) -> Iterator[ColumnElement[bool]]:
    if wanted.entity:
        kind, entity_id = _read_entity(wanted.entity)
        yield Record.entity_kind == kind
        if entity_id is not None:
            yield Record.entity_id == entity_id
    if wanted.actor:
        account = select(Account.id).where(Account.username == wanted.actor)
        yield Record.actor_id == account.scalar_subquery()
    if wanted.event:
        yield Record.event == wanted.event
    if wanted.since is not None:
        yield Record.at >= wanted.since
    if wanted.until is not None:
        yield Record.at < wanted.until


def _read_entity(text: str) -> tuple[str, int | None]:
    kind, _, digits = text.partition(":")
    if kind not in KINDS or (digits and not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_OF_AN_ID)):
        raise invalid(FieldError("entity", NO_SUCH_ENTITY))
    return kind, int(digits) if digits else None


def _reached(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL how far the reader reads the record; of cards no more than they may see, and none by a recorder's items."""
    reach = record_reach(actor)
    if reach.everything:
        about = select(Rating.id).where(Rating.person_id == (actor.person_id or 0))
        return or_(Record.entity_kind != "rating", Record.entity_id.not_in(about))
    scope = card_scope(actor, Action.CARD_RECORD)
    whole = Scope(tuple(clause for clause in scope.clauses if clause.items is None))
    seen_cards = select(Scorecard.id).where(card_queries.within(whole, actor.account_id))
    acknowledged = select(Acknowledgement.id).where(Acknowledgement.scorecard_id.in_(seen_cards))
    parts = {
        "scorecard": seen_cards,
        "acknowledgement": acknowledged,
        "rating": _own_ratings(actor),
        **_in_units(actor, reach.unit_paths),
    }
    kinds = [*(OF_ACCESS if reach.grants else ()), *_in_company(actor)]
    others = Record.entity_kind.in_(kinds)
    if COMPANY in reach.unit_paths:  # most records are within reach: ask one by one, in their order
        return case(*((Record.entity_kind == kind, _is_one_of(ids)) for kind, ids in parts.items()), else_=others)
    return or_(others, *(and_(Record.entity_kind == kind, Record.entity_id.in_(ids)) for kind, ids in parts.items()))


def _own_ratings(actor: Actor) -> Select[int]:
    """Give the ratings that the reader was asked for: nobody reads another's but an auditor, and never one about oneself."""
    return select(Rating.id).where(Rating.rater_id == (actor.person_id or 0))


def _is_one_of(ids: Select[int]) -> ColumnElement[bool]:
    return ids.where(ids.selected_columns[0] == Record.entity_id).exists()


def _in_units(actor: Actor, paths: tuple[str, ...]) -> dict[str, Select[int]]:
    """Give the ids of what hangs on the units in reach, or on one below them, by kind."""
    units, measured = select(Unit.id).where(within(paths)), within(_read_by(actor, Action.MEASUREMENTS_SEE))
    plans = select(Scorecard.plan_id).where(Scorecard.unit_id.in_(units))
    people = select(Membership.person_id).where(Membership.unit_id.in_(units))
    return {
        "unit": units,
        "person": people,
        "standing": select(Standing.id).where(Standing.person_id.in_(people)),
        "level": select(LevelGiven.id).where(LevelGiven.person_id.in_(people)),
        "measurement": select(Measurement.id).where(Measurement.unit_id.in_(select(Unit.id).where(measured))),
        "ledger": _ledger_entries(actor),
        "improvement": _improvements(actor),
        "report": select(Report.id).where(look_up_reports.seen_by(actor, by_role=True)),
        "plan": select(Plan.id) if COMPANY in paths else plans,
    }


def _ledger_entries(actor: Actor) -> Select[int]:
    """Give the ledger's entries of the units in which the actor reads both the ledger and the record."""
    units = select(Unit.id).where(within(_read_by(actor, Action.LEDGER_SEE)))
    return select(LedgerEntry.id).where(LedgerEntry.unit_id.in_(units))


def _improvements(actor: Actor) -> Select[int]:
    """Give the improvement plans of the units in which the actor reads both them and the record."""
    units = select(Unit.id).where(within(_read_by(actor, Action.IMPROVEMENTS_SEE)))
    return select(Improvement.id).where(Improvement.unit_id.in_(units))


def _in_company(actor: Actor) -> Iterator[str]:
    """Give the kinds that hang on no unit and that somebody reads who reads them for the whole company."""
    kinds = {
        "scheme": Action.SCHEMES_SEE,
        "import": Action.IMPORTS_SEE,
        "payroll": Action.PAY_SEE,
        "bonus-base": Action.PAY_SEE,
        "rate": Action.RATES_SEE,
        "customer": Action.PORTFOLIO_SEE,
        "growth": Action.PORTFOLIO_SEE,
    }
    yield from (kind for kind, action in kinds.items() if COMPANY in _read_by(actor, action))


def _read_by(actor: Actor, action: Action) -> tuple[str, ...]:
    """Give where the actor may see such things and their records."""
    return outermost(actor.paths(UNIT_ROLES[action] & UNIT_ROLES[Action.RECORDS_SEE]))


def _told() -> Select[*tuple[Any, ...]]:
    """Begin a query for records with what their entities are called; everything beside the record is found by its key."""
    card_id = case(
        (Record.entity_kind == "acknowledgement", Acknowledgement.scorecard_id),
        (Record.entity_kind == "objection", Objection.scorecard_id),
        (Record.entity_kind == "question", CardQuestion.scorecard_id),
        else_=Record.entity_id,
    )
    account_id = case((Record.entity_kind == "grant", RoleGrant.account_id), else_=Record.entity_id)
    of_person = {"standing": Standing.person_id, "level": LevelGiven.person_id, "bonus-base": BonusBase.person_id}
    person_id = case(
        *((Record.entity_kind == kind, column) for kind, column in of_person.items()), else_=Record.entity_id
    )
    is_card = Record.entity_kind.in_(("scorecard", "acknowledgement", "objection", "question"))
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
        .outerjoin(Acknowledgement, _is("acknowledgement", Acknowledgement.id))
        .outerjoin(Objection, _is("objection", Objection.id))
        .outerjoin(CardQuestion, _is("question", CardQuestion.id))
        .outerjoin(RoleGrant, _is("grant", RoleGrant.id))
        .outerjoin(Standing, _is("standing", Standing.id))
        .outerjoin(LevelGiven, _is("level", LevelGiven.id))
        .outerjoin(BonusBase, _is("bonus-base", BonusBase.id))
        .outerjoin(PayrollBatch, _is("payroll", PayrollBatch.id))
        .outerjoin(Report, _is("report", Report.id))
        .outerjoin(Plan, Plan.id == _plan_id())
        .outerjoin(Person, and_(Record.entity_kind.in_(("person", *of_person)), Person.id == person_id))
        .outerjoin(Scorecard, and_(is_card, Scorecard.id == card_id))
        .outerjoin(_Named, and_(Record.entity_kind.in_(OF_ACCESS), _Named.id == account_id))
        .outerjoin(Unit, Unit.id == case((Record.entity_kind == "unit", Record.entity_id), else_=Scorecard.unit_id))
    )
    others = {
        "scheme": SchemeVersion.id,
        "measurement": Measurement.id,
        "import": ImportBatch.id,
        "ledger": LedgerEntry.id,
        "improvement": Improvement.id,
        "rating": Rating.id,
        "rate": ExchangeRate.id,
        "customer": Customer.id,
    }
    for kind, entity_id in others.items():
        query = query.outerjoin(entity_id.class_, _is(kind, entity_id))
    return query


def _plan_id() -> ColumnElement[int]:
    """Say which plan a record speaks of."""
    return case(
        (Record.entity_kind == "plan", Record.entity_id),
        (Record.entity_kind == "report", Report.plan_id),
        else_=PayrollBatch.plan_id,
    )


def _is(kind: str, entity_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return and_(Record.entity_kind == kind, entity_id == Record.entity_id)


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
    )
    return func.coalesce(*named, ImportBatch.file_name, ExchangeRate.currency, Customer.code, Unit.code)


def _title() -> ColumnElement[str]:
    named = (
        Scorecard.subject_name,
        Plan.title,
        Person.name,
        SchemeVersion.title,
        Measurement.subject_code,
        LedgerEntry.subject_name,
        Rating.subject_name,
    )
    return func.coalesce(*named, _Named.name, ImportBatch.kind, Customer.name, Unit.title)


def _scheme() -> ColumnElement[int]:
    return func.coalesce(Scorecard.scheme_version_id, LedgerEntry.scheme_version_id, Rating.scheme_version_id)


def _row(row: tuple[Any, ...]) -> RecordRow:
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


def actors_within_reach(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Name the accounts by whom a search can be narrowed: for readers of everything, or of accounts and grants."""
    reach = record_reach(actor)
    if not (reach.everything or reach.grants):
        return ()
    query = select(Account.username, Account.name).order_by(Account.name).limit(MOST_ROWS)
    return tuple((username, name) for username, name in db.session.execute(query))

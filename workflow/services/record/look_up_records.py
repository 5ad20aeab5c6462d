"""Reading the written record: of one card, and a search as far as the reader's scope goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from workflow.errors import FieldError, invalid
from workflow.models import card_queries
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.improvements import Improvement
from workflow.models.ledger import LedgerEntry
from workflow.models.measurements import Measurement
from workflow.models.organisation import Membership, Unit
from workflow.models.personnel import LevelGiven, Standing
from workflow.models.plans import Plan
from workflow.models.ratings import Rating
from workflow.models.record import Record
from workflow.models.recorded import RECORDED
from workflow.models.reports import Report
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
from workflow.services.record.told_records import FieldChange, RecordRow, record_row, told
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


def _part_of(row: RecordRow, seen: frozenset[str]) -> RecordRow | None:
    """Give what a record says of these items, if anything; its reason only where it concerns nothing else."""
    mine = tuple(change for change in row.changes if item_of(change) in seen)
    others = {item_of(change) for change in row.changes} - seen - {None}
    return replace(row, changes=mine, reason="" if others else row.reason) if mine else None


def _page(wanted: ColumnElement[bool], asked: PageAsked, *, newest_first: bool) -> Page[RecordRow]:
    """Find the ids first, by which alone they are counted and ordered, then read what they are."""
    query = select(Record.id).where(wanted)
    found = page(query, (Record.id,), asked, lambda row: int(row[0]), newest_first=newest_first)
    rows = {row[0].id: record_row(tuple(row)) for row in db.session.execute(told().where(Record.id.in_(found.rows)))}
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


def actors_within_reach(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Name the accounts by whom a search can be narrowed: for readers of everything, or of accounts and grants."""
    reach = record_reach(actor)
    if not (reach.everything or reach.grants):
        return ()
    query = select(Account.username, Account.name).order_by(Account.name).limit(MOST_ROWS)
    return tuple((username, name) for username, name in db.session.execute(query))

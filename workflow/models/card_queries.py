"""Finding scorecards: the policy's scope as WHERE, and what belongs to the cards found.

What every edit asks is composed once, for any cards.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from workflow.lifecycle.plan import State as PlanState
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.record import Record
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem, Signature, SignatureVoid
from workflow.policy import COMPANY, Clause, Meaning, Scope, StandingSignature, State

HANDLING = ("scorecard.prepare", "scorecard.review", "scorecard.approve", "scorecard.return")
"""The events by which somebody has signed or returned a card."""


STAYING = ("scorecard.prepare", "scorecard.join")
"""The events after which a draft stays editable while its plan is closing."""

_CARDS: BindParameter[list[int]] = bindparam("cards", expanding=True)


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card with what policy and lifecycle ask about its surroundings."""

    card: Scorecard
    unit_path: str
    unit_title: str
    plan_state: str
    plan_code: str
    stays_editable: bool = (
        False  # prepared at some time, or joined the open plan; asked only of drafts of a plan that is not open
    )


def within(scope: Scope, account_id: int) -> ColumnElement[bool]:
    """Compile the cards that any clause of the scope permits; the account is the one whose handling counts."""
    return or_(false(), *(_clause(clause, account_id) for clause in scope.clauses))


def _clause(clause: Clause, account_id: int) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if clause.unit_paths is not None and COMPANY not in clause.unit_paths:
        below = or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in clause.unit_paths))
        conditions.append(Scorecard.unit_id.in_(select(Unit.id).where(below)))
    if clause.states is not None:
        conditions.append(Scorecard.state.in_(sorted(clause.states)))
    if clause.published:
        conditions.append(Scorecard.published_at.is_not(None))
    if clause.handled:
        conditions.append(_handled_by(account_id))
    if clause.person_id is not None:
        conditions.append(Scorecard.appraised_person_id == clause.person_id)
    if clause.member_units is not None:
        appraised = select(Unit.id).where(Unit.path.in_(clause.member_units))
        conditions.append(and_(Scorecard.subject_kind == "unit", Scorecard.unit_id.in_(appraised)))
    if clause.items is not None:
        same = (ScorecardItem.scorecard_id == Scorecard.id) & ScorecardItem.code.in_(sorted(clause.items))
        conditions.append(exists().where(same))
    return and_(*conditions)


def is_by(
    account: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], account_id: int
) -> ColumnElement[bool]:
    """Say whose record or signature it is, where it is looked up by its card.

    The sum keeps SQLite, which guesses without statistics, from going through everything that the account ever did.
    """
    return account + 0 == account_id


def _handled_by(account_id: int) -> ColumnElement[bool]:
    return exists().where(
        is_by(Record.actor_id, account_id),
        Record.entity_kind == "scorecard",
        Record.entity_id == Scorecard.id,
        Record.event.in_(HANDLING),
    )


def signed_by(account_id: int, meaning: Meaning) -> ColumnElement[bool]:
    """Say that the account has given a signature of this meaning that still stands."""
    voided = exists().where(SignatureVoid.signature_id == Signature.id)
    return exists().where(
        Signature.scorecard_id == Scorecard.id,
        is_by(Signature.account_id, account_id),
        Signature.meaning == meaning,
        ~voided,
    )


def found_cards() -> Select[Scorecard, str, str, str, str, bool]:
    """Begin a query for cards with their surroundings."""
    prepared = exists().where(
        Record.entity_kind == "scorecard", Record.entity_id == Scorecard.id, Record.event.in_(STAYING)
    )
    matters = and_(Scorecard.state == State.DRAFT, Plan.state != PlanState.OPEN)
    return (
        select(Scorecard, Unit.path, Unit.title, Plan.state, Plan.code, case((matters, prepared), else_=false()))
        .join(Unit, Unit.id == Scorecard.unit_id)
        .join(Plan, Plan.id == Scorecard.plan_id)
    )


def find_cards(card_ids: Collection[int], *, lock: bool = False) -> dict[int, FoundCard]:
    """Find cards by id; with `lock` they are held until the transaction ends, always in the same order."""
    found = (FoundCard(*row) for row in db.session.execute(_cards(lock=lock), {"cards": sorted(card_ids)}))
    return {each.card.id: each for each in found}


@cache
def _cards(*, lock: bool) -> Select[Scorecard, str, str, str, str, bool]:
    query = found_cards().where(Scorecard.id.in_(_CARDS)).order_by(Scorecard.id)
    return query.with_for_update(of=Scorecard).execution_options(populate_existing=True) if lock else query


def items_of(card_ids: Collection[int]) -> dict[int, dict[str, ScorecardItem]]:
    """Give the items of each card by code, in the scheme's order."""
    found: dict[int, dict[str, ScorecardItem]] = {card_id: {} for card_id in card_ids}
    for item in db.session.scalars(_items(), {"cards": sorted(card_ids)}):
        found[item.scorecard_id][item.code] = item
    return found


@cache
def _items() -> Select[ScorecardItem]:
    return (
        select(ScorecardItem)
        .where(ScorecardItem.scorecard_id.in_(_CARDS))
        .order_by(ScorecardItem.scorecard_id, ScorecardItem.position)
        .execution_options(populate_existing=True)
    )


def adjustments_of(card_ids: Collection[int]) -> Sequence[Adjustment]:
    """Give every adjustment of the cards, voided ones too, in the order in which they were entered."""
    return db.session.scalars(_adjustments(), {"cards": sorted(card_ids)}).all()


@cache
def _adjustments() -> Select[Adjustment]:
    return (
        select(Adjustment)
        .where(Adjustment.scorecard_id.in_(_CARDS))
        .order_by(Adjustment.scorecard_id, Adjustment.item_code, Adjustment.number)
        .execution_options(populate_existing=True)
    )


def account_names(account_ids: Collection[int]) -> dict[int, str]:
    """Give the names that accounts show; asks nothing where there are none."""
    if not account_ids:
        return {}
    query = select(Account.id, Account.name).where(Account.id.in_(sorted(account_ids)))
    return dict(db.session.execute(query).all())


def signatures_of(card_ids: Collection[int]) -> dict[int, list[tuple[Signature, bool]]]:
    """Give each card's signatures, oldest first, each with whether it has been voided."""
    found: dict[int, list[tuple[Signature, bool]]] = {card_id: [] for card_id in card_ids}
    for signature, void_id in db.session.execute(_signatures(), {"cards": sorted(card_ids)}):
        found[signature.scorecard_id].append((signature, void_id is not None))
    return found


@cache
def _signatures() -> Select[Signature, int]:
    return (
        select(Signature, SignatureVoid.id)
        .outerjoin(SignatureVoid, SignatureVoid.signature_id == Signature.id)
        .where(Signature.scorecard_id.in_(_CARDS))
        .order_by(Signature.record_id)
    )


def standing(signatures: Iterable[tuple[Signature, bool]]) -> tuple[Signature, ...]:
    """Leave out the signatures that have been voided."""
    return tuple(signature for signature, voided in signatures if not voided)


def as_facts(signatures: Iterable[Signature]) -> tuple[StandingSignature, ...]:
    """Give signatures as policy knows them."""
    return tuple(StandingSignature(each.meaning, each.account_id, each.person_id, each.name) for each in signatures)


def handled(card_ids: Collection[int], account_id: int) -> frozenset[int]:
    """Give those of the cards that the account has signed or returned at some time."""
    query = select(Record.entity_id).where(
        is_by(Record.actor_id, account_id),
        Record.entity_kind == "scorecard",
        Record.entity_id.in_(sorted(card_ids)),
        Record.event.in_(HANDLING),
    )
    return frozenset(db.session.scalars(query))

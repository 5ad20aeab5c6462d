"""Listing queries and appeals: one's own, those of the units in the reader's scope, and those that wait for the reader."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import aliased

from workflow.lifecycle import appeal, query
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.objections import APPEAL, QUERY, CommitteeSeat, Objection, ObjectionStep
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard, Signature
from workflow.policy import Action, Actor, unit_scope
from workflow.services.objections.objection_facts import HANDLING
from workflow.services.paging import AnyRow, Page, PageAsked, page
from workflow.services.people.look_up_organisation import within
from workflow.services.schemes.maintain_schemes import scorer_of

_Signed, _Dealt = aliased(Scorecard), aliased(ObjectionStep)


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One query or appeal with the words it began with; without an item it is about the whole card."""

    id: int
    kind: str
    state: str
    card_id: int
    number: str
    revision: int
    plan: str
    plan_title: str
    period: str
    unit: str
    unit_name: str
    subject: str
    subject_name: str
    item: str | None
    item_title: str | None
    text: str
    submitted_at: datetime
    due_on: date
    handler_name: str | None
    escalated: bool
    escalate_until: date | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer or decide."""
        return self.state in (query.OPEN if self.kind == QUERY else appeal.OPEN)


@dataclass(frozen=True, slots=True)
class ObjectionsWanted:
    """What the list is narrowed to; None or False where it is not."""

    state: str | None = None
    kind: str | None = None
    plan: str | None = None
    mine: bool = False
    to_handle: bool = False


@dataclass(frozen=True, slots=True)
class ToHandle:
    """How many objections wait for somebody, and by when the first of them is due."""

    count: int
    due: date | None


def list_objections(actor: Actor, wanted: ObjectionsWanted, asked: PageAsked) -> Page[ObjectionRow]:
    """List the objections that the actor may see, the newest first; raises Refusal for a bad place to go on from."""
    listed = told().where(seen_by(actor))
    narrowed = {Objection.state: wanted.state, Objection.kind: wanted.kind, Plan.code: wanted.plan}
    for column, value in narrowed.items():
        if value:
            listed = listed.where(column == value)
    if wanted.mine:
        listed = listed.where(_is_own(actor))
    if wanted.to_handle:
        listed = listed.where(_waits_for(actor))
    return page(listed, (Objection.id,), asked, as_row, newest_first=True)


def about_card(actor: Actor, card_id: int) -> tuple[ObjectionRow, ...]:
    """Give the objections to one card that the actor may see, the newest first."""
    listed = told().where(Objection.scorecard_id == card_id, seen_by(actor)).order_by(Objection.id.desc())
    return tuple(as_row(row) for row in db.session.execute(listed))


def to_handle(actor: Actor) -> ToHandle:
    """Count what waits for the reader's answer, decision or vote, in one query."""
    waiting = (
        select(func.count(), func.min(Objection.due_on))
        .select_from(Objection)
        .join(Scorecard, Scorecard.id == Objection.scorecard_id)
        .join(Unit, Unit.id == Objection.unit_id)
        .where(_waits_for(actor))
    )
    count, due = db.session.execute(waiting).one()
    return ToHandle(count, due)


def told() -> Select[*tuple[Any, ...]]:
    """Begin a query for rows of which `as_row` makes objections."""
    began = and_(ObjectionStep.objection_id == Objection.id, ObjectionStep.number == 1)
    return (
        select(Objection, Scorecard, Plan.code, Plan.title, Unit, ObjectionStep.text, Account.name)
        .join(Scorecard, Scorecard.id == Objection.scorecard_id)
        .join(Plan, Plan.id == Objection.plan_id)
        .join(Unit, Unit.id == Objection.unit_id)
        .join(ObjectionStep, began)
        .outerjoin(Account, Account.id == Objection.handler_id)
    )


def as_row(row: AnyRow) -> ObjectionRow:
    """Make an objection of a row of `told`."""
    objection, card, plan, plan_title, unit, text, handler = tuple(row)[:7]
    items = scorer_of(card.scheme_version_id).scheme.items
    return ObjectionRow(
        id=objection.id,
        kind=objection.kind,
        state=objection.state,
        card_id=card.id,
        number=card.number,
        revision=card.revision,
        plan=plan,
        plan_title=plan_title,
        period=card.period,
        unit=unit.code,
        unit_name=unit.title,
        subject=card.subject_code,
        subject_name=card.subject_name,
        item=objection.item,
        item_title=items[objection.item].title if objection.item else None,
        text=text,
        submitted_at=objection.submitted_at,
        due_on=objection.due_on,
        handler_name=handler,
        escalated=objection.escalated,
        escalate_until=objection.escalate_until,
        version=objection.version,
    )


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `decide_objection_see` says of one: one's own, those of units in scope, and those one votes on."""
    queries = and_(Objection.kind == QUERY, within(unit_scope(actor, Action.QUERIES_SEE)))
    appeals = and_(Objection.kind == APPEAL, within(unit_scope(actor, Action.APPEALS_SEE)))
    return or_(_is_own(actor), _sits(actor), queries, appeals)


def _is_own(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.person_id is None else Objection.person_id == actor.person_id


def _sits(actor: Actor) -> ColumnElement[bool]:
    return exists().where(CommitteeSeat.objection_id == Objection.id, CommitteeSeat.account_id == actor.account_id)


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL that the reader is to answer, accept, decide or vote: what another has accepted is theirs."""
    answers = and_(
        Objection.kind == QUERY,
        Objection.state == query.State.SUBMITTED,
        within(unit_scope(actor, Action.QUERIES_ANSWER)),
    )
    takes = or_(
        Objection.state == appeal.State.SUBMITTED,
        and_(Objection.state == appeal.State.ACCEPTED, Objection.handler_id == actor.account_id),
    )
    handles = and_(
        Objection.kind == APPEAL, takes, not_(_signed(actor)), within(unit_scope(actor, Action.APPEALS_HANDLE))
    )
    named = exists().where(CommitteeSeat.objection_id == Objection.id)
    reconsiders = and_(
        Objection.state == appeal.State.ESCALATED,
        not_(or_(named, _signed(actor), _dealt(actor))),
        within(unit_scope(actor, Action.APPEALS_RECONSIDER)),
    )
    votes = and_(
        Objection.state == appeal.State.ESCALATED,
        exists().where(
            CommitteeSeat.objection_id == Objection.id,
            CommitteeSeat.account_id == actor.account_id,
            CommitteeSeat.vote.is_(None),
        ),
    )
    return and_(not_(_is_own(actor)), or_(answers, handles, reconsiders, votes))


def _signed(actor: Actor) -> ColumnElement[bool]:
    """Say that the reader ever signed a revision of the card."""
    return exists().where(
        Signature.scorecard_id == _Signed.id, _Signed.number == Scorecard.number, _by(Signature, actor)
    )


def _dealt(actor: Actor) -> ColumnElement[bool]:
    return exists().where(_Dealt.objection_id == Objection.id, _Dealt.trigger.in_(HANDLING), _by(_Dealt, actor))


def _by(table: type[Signature] | type[ObjectionStep], actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `Party.is_by` says of one."""
    same_account = table.account_id == actor.account_id
    if actor.person_id is None:
        return same_account
    return or_(table.person_id == actor.person_id, and_(table.person_id.is_(None), same_account))

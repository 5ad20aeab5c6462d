"""Reading scorecards: lists within the reader's scope, and one card in full with the basis of its points."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, case, cast, func, inspect, or_, select

from workflow.errors import Denied, FieldError, invalid
from workflow.lifecycle import scorecard as lifecycle
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.policy import (
    ALL,
    Action,
    Actor,
    Meaning,
    Scope,
    State,
    Trigger,
    card_scope,
    decide_card,
    decide_veto,
    editable_items,
    visible_items,
)
from workflow.scoring.scheme import Item, Scheme
from workflow.services.paging import Keys, Page, PageAsked, page
from workflow.services.ranking.card_ranks import ranks_of
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.wording import Phrase

SORTS = tuple(sign + name for name in ("id", "number", "total", "subject") for sign in ("", "-"))
RANKED = (State.PUBLISHED, State.SUPERSEDED)
"""The states of cards that may have a rank."""

UNKNOWN_SORT = Phrase("不支持的排序 {sort}", "there is no sort called {sort}")


@dataclass(frozen=True, slots=True)
class CardFilter:
    """What a list is narrowed to; codes as shown, None where not narrowed."""

    plan: str | None = None
    period: str | None = None
    unit: str | None = None
    state: str | None = None
    subject: str | None = None
    scheme: str | None = None
    text: str | None = None
    mine: bool = False
    prepared_by_me: bool = False
    all_revisions: bool = False
    still_open: bool = False


@dataclass(frozen=True, slots=True)
class CardSummary:
    """One card in a list."""

    id: int
    number: str
    plan: str
    plan_title: str
    period: str
    scheme: str
    scheme_title: str
    scheme_version: int
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    state: str
    revision: int
    total: Decimal | None
    provisional_total: Decimal | None  # none for who sees only some items
    complete: bool
    missing: tuple[tuple[str, str], ...]
    rank: int | None
    absence: str | None  # why it is not ranked
    grade: str | None
    version: int


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """One item of a card, with its rule and the steps from input to points."""

    item: Item
    section: str
    row: ScorecardItem
    missing: str | None
    editable: bool
    adjustments: tuple[Adjustment, ...]
    entered_by: Mapping[int, str]  # names of accounts

    @property
    def input(self) -> dict[str, Any] | None:
        """What was put in; adjustments with their numbers, voided ones marked."""
        if not self.adjustments:
            return self.row.input
        return {"adjustments": [_adjustment(each, self.entered_by) for each in self.adjustments]}


@dataclass(frozen=True, slots=True)
class SignatureDetail:
    """One signature, as it is shown wherever the card is shown."""

    meaning: str
    name: str
    on_behalf_of: str | None
    at: datetime
    method: str
    voided: bool
    digest: str


@dataclass(frozen=True, slots=True)
class CardDetail:
    """One card in full, as far as the reader may see it."""

    summary: CardSummary
    scheme: Scheme
    sections: dict[str, str]
    items: tuple[ItemDetail, ...]
    vetoes: tuple[Mapping[str, str], ...]  # code, on, reason of those that stand
    may_veto: bool
    signatures: tuple[SignatureDetail, ...]
    allowed: tuple[str, ...]
    denied: dict[str, Denied]
    editable: bool
    published_at: datetime | None
    revises: int | None
    superseded_by: int | None
    opened: OpenCard


def list_cards(actor: Actor, narrowed: CardFilter, asked: PageAsked, sort: str | None = None) -> Page[CardSummary]:
    """List the cards that the actor may see; raises Refusal for an unknown sort or a bad place to go on from."""
    chosen = sort or ("id" if narrowed.plan else "-id")
    if chosen not in SORTS:
        raise invalid(FieldError("sort", UNKNOWN_SORT, {"sort": chosen}))
    whole = _is_seen_whole(actor)
    query = summaries().add_columns(whole).where(conditions(actor, narrowed))
    keys = _sort_keys(chosen.removeprefix("-"), whole)
    found = page(query, keys, asked, _as_seen, newest_first=chosen.startswith("-"))
    return replace(found, rows=with_ranks(actor, found.rows))


def card_detail(actor: Actor, card_id: int) -> CardDetail:
    """Read one card in full; raises Refusal (not seen) for one that the actor may not see."""
    opened = cards.open_card(actor, Action.CARD_SEE, card_id)
    facts = cards.facts_with_history(opened, actor)
    summary = db.session.execute(summaries().where(Scorecard.id == card_id)).one()
    seen, editable = visible_items(actor, facts), editable_items(actor, facts)
    can_edit = lifecycle.decide_edit(facts, facts.version) is None
    missing = dict(opened.card.missing)
    adjustments = card_queries.adjustments_of([card_id])
    names = card_queries.account_names({each.entered_by for each in adjustments})
    items = tuple(
        ItemDetail(
            item=item,
            section=section.code,
            row=opened.items[item.code],
            missing=missing.get(item.code),
            editable=can_edit and item.code in editable and item.accepts_by_hand,
            adjustments=tuple(each for each in adjustments if each.item_code == item.code),
            entered_by=names,
        )
        for section in opened.scorer.scheme.sections
        for item in section.items
        if item.code in seen
    )
    triggers = [trigger for trigger in Trigger if trigger != Trigger.SUPERSEDE]
    answers = {trigger: lifecycle.explain(trigger, facts, actor) for trigger in triggers}
    told = with_ranks(actor, [as_summary(summary)])[0]
    return CardDetail(
        summary=told if seen is ALL else _without_totals(told),
        scheme=opened.scorer.scheme,
        sections=opened.card.sections if seen is ALL else {},
        items=items,
        vetoes=tuple(opened.card.vetoes) if seen is ALL else (),
        may_veto=can_edit and decide_veto(actor, facts) is None and bool(opened.scorer.scheme.vetoes),
        signatures=_signatures(card_id),
        allowed=tuple(str(trigger) for trigger, denied in answers.items() if denied is None),
        denied={str(trigger): denied for trigger, denied in answers.items() if denied is not None},
        editable=any(each.editable for each in items),
        published_at=opened.card.published_at,
        revises=opened.card.revises_id,
        superseded_by=opened.card.superseded_by,
        opened=opened,
    )


def _is_seen_whole(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL whether the reader sees a card as a whole, and not only the items that they record."""
    clauses = (clause for clause in card_scope(actor).clauses if clause.items is None)
    return card_queries.within(Scope(tuple(clauses)), actor.account_id)


def _sort_keys(name: str, whole: ColumnElement[bool]) -> Keys:
    """Give what a list is ordered by; a total that is not shown says nothing by its place either."""
    match name:
        case "number":
            return Scorecard.number, Scorecard.id
        case "subject":
            return Scorecard.subject_code, Scorecard.id
        case "total":
            total = case((whole, cast(Scorecard.total, Float)))  # only an order: points are exact
            return func.coalesce(total, -1.0), Scorecard.id
    return (Scorecard.id,)


def _as_seen(row: Sequence[Any]) -> CardSummary:
    return as_summary(row) if tuple(row)[7] else _without_totals(as_summary(row))


def _without_totals(summary: CardSummary) -> CardSummary:
    """Leave out of a draft what its other items add up to."""
    if summary.state != State.DRAFT:
        return summary
    return replace(summary, total=None, provisional_total=None, grade=None)


def may_see_form(actor: Actor, opened: OpenCard) -> Denied | None:
    """Say whether the reader may have the printed form of the card."""
    return decide_card(actor, Action.CARD_FORM, cards.facts_with_history(opened, actor))


def with_ranks(actor: Actor, rows: Sequence[CardSummary]) -> tuple[CardSummary, ...]:
    """Give the summaries with what the newest rankings say of them, as far as it is told to the reader; in one query."""
    found = ranks_of(actor, [row.id for row in rows if row.state in RANKED])
    return tuple(replace(row, **asdict(found[row.id])) if row.id in found else row for row in rows)


def summaries_of(actor: Actor, found: Sequence[Scorecard]) -> list[CardSummary]:
    """Give the summaries of cards that the reader has just been shown or has moved, in their order, in two queries."""
    identities = (inspect(card).identity for card in found)  # without reading again each row that has expired
    card_ids = [int(identity[0]) for identity in identities if identity is not None]
    rows = db.session.execute(summaries().where(Scorecard.id.in_(card_ids)))
    by_id = {summary.id: summary for summary in with_ranks(actor, [as_summary(row) for row in rows])}
    return [by_id[card_id] for card_id in card_ids]


def summaries() -> Select[*tuple[Any, ...]]:
    """Begin a query for rows of which `as_summary` makes summaries."""
    return _joined(
        select(
            Scorecard,
            Plan.code,
            Plan.title,
            SchemeVersion.title,
            SchemeVersion.number,
            Unit.code,
            Unit.title,
        )
    )


def as_summary(row: Sequence[Any]) -> CardSummary:
    """Make a summary of a row of `summaries`."""
    card, plan, plan_title, scheme_title, scheme_version, unit, unit_title = tuple(row)[:7]
    return CardSummary(
        id=card.id,
        number=card.number,
        plan=plan,
        plan_title=plan_title,
        period=card.period,
        scheme=card.scheme_code,
        scheme_title=scheme_title,
        scheme_version=scheme_version,
        subject=card.subject_code,
        subject_name=card.subject_name,
        unit=unit,
        unit_name=unit_title,
        state=card.state,
        revision=card.revision,
        total=card.total,
        provisional_total=card.provisional_total,
        complete=card.complete,
        missing=tuple((code, reason) for code, reason in card.missing),
        rank=None,
        absence=None,
        grade=card.grade,
        version=card.version,
    )


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Scorecard)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .join(SchemeVersion, SchemeVersion.id == Scorecard.scheme_version_id)
        .join(Unit, Unit.id == Scorecard.unit_id)
    )


def conditions(actor: Actor, narrowed: CardFilter) -> ColumnElement[bool]:
    """Say in SQL which rows of `summaries` the actor may see and wants."""
    condition = card_queries.within(card_scope(actor), actor.account_id)
    equal = {
        Plan.code: narrowed.plan,
        Scorecard.period: narrowed.period,
        Unit.code: narrowed.unit,
        Scorecard.state: narrowed.state,
        Scorecard.subject_code: narrowed.subject,
        Scorecard.scheme_code: narrowed.scheme,
    }
    for column, value in equal.items():
        if value:
            condition &= column == value
    if narrowed.text:
        found = (
            column.contains(narrowed.text, autoescape=True) for column in (Scorecard.subject_name, Scorecard.number)
        )
        condition &= or_(Scorecard.subject_code == narrowed.text, *found)
    if narrowed.mine:
        condition &= Scorecard.appraised_person_id == (actor.person_id or 0)
    if narrowed.prepared_by_me:
        condition &= card_queries.signed_by(actor.account_id, Meaning.PREPARE)
    if narrowed.still_open:
        condition &= Scorecard.state.in_([State.DRAFT, State.PREPARED, State.REVIEWED])
    if not narrowed.all_revisions:
        condition &= Scorecard.state != State.SUPERSEDED
    return condition


def _signatures(card_id: int) -> tuple[SignatureDetail, ...]:
    return tuple(
        SignatureDetail(each.meaning, each.name, each.on_behalf_of, each.at, each.method, voided, each.digest)
        for each, voided in card_queries.signatures_of([card_id])[card_id]
    )


def _adjustment(each: Adjustment, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "n": each.number,
        "on": each.happened_on.isoformat(),
        "reason": each.reason,
        "cause": each.cause,
        "count": each.count,
        "points": None if each.points is None else format(each.points, "f"),
        "evidence": each.evidence,
        "by": names.get(each.entered_by, ""),
        "voided": each.voided_at is not None,
        "void_reason": each.void_reason,
    }

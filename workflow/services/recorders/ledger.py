"""The ledger 加减分台账: record what happened before a card is there or on the draft that is, question, answer, void."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, not_seen, stale
from workflow.lifecycle import ledger_entry as lifecycle
from workflow.lifecycle import plan as plan_lifecycle
from workflow.lifecycle import scorecard as card_lifecycle
from workflow.lifecycle.ledger_entry import LedgerFacts, Trigger
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.models.database import db
from workflow.models.ledger import LedgerEntry
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.policy import UNIT_ROLES, Action, Actor, State, decide_unit, unit_items
from workflow.scoring.periods import Frequency, Period, PeriodError, parse_day
from workflow.services.clock import Clock
from workflow.services.fields import permit
from workflow.services.people.subjects import Subject, find_subject
from workflow.services.recorders import entries, ledger_scope
from workflow.services.recorders.entries import Fed, Occasion
from workflow.services.schemes.maintain_schemes import in_force, scorer_of
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.wording import Phrase

GONE = (State.VOID, State.SUPERSEDED)
"""The states of cards that count nothing any more."""

NOT_AMONG_YOURS = Phrase("您负责的单位中没有 {code}", "there is no {code} in the units that you are responsible for")
NAME_SCHEME = Phrase("请用 scheme 指明考核方案:{choices}", "say in scheme under which scheme it counts: {choices}")
NO_SCHEME = Phrase(
    "没有适用于此对象的已批准方案含有项目 {item}",
    "no approved scheme of this subject has an item {item} that counts entries",
)
NOT_YET = Phrase("不能晚于今天", "must not be later than today")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is recorded: whom and which item it is about, and `told` as scoring.md has an adjustment."""

    subject: str
    item: str
    told: Mapping[str, Any]
    scheme: str | None = None

    @property
    def on(self) -> str:
        """The day on which it happened, as it was entered."""
        return str(self.told.get("on") or "")


@dataclass(frozen=True, slots=True)
class _Counting:
    """A card's adjustment of an entry that stands, and the card."""

    opened: OpenCard
    adjustment: Adjustment

    @property
    def hindrance(self) -> Denied | None:
        """Why the card takes no changes now."""
        facts = cards.facts_of(self.opened)
        return card_lifecycle.decide_edit(facts, facts.version)


def record(actor: Actor, clock: Clock, new: NewEntry, *, today: date, kept: Kept | None = None) -> LedgerEntry:
    """Record an entry; a card of its period that is a draft counts it at once, one that is signed has it refused.

    Raises Refusal. Until there is a card the entry waits; opening the plan lets the card count it.
    """
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.LEDGER_RECORD))
        on = _day(new.on, today)
        subject = _find_subject(actor, new.subject, on)
        permit(lifecycle.decide_record(actor, new.item, subject.unit.path, subject.person_id))
        _hold_plans_back(on)
        card = _card_of(subject, new, on)
        occasion = entries.occasion_of(card, new.item) if card else _before_any_card(subject, new, on)
        entry = entries.read(work, scorer_of(occasion.scheme_version_id), occasion, new.told)
        if card is None:
            entries.keep(work, entry, subject.unit.path)
        else:
            _record_on(work, card, entry)
        work.finish(entry)
        return entry


def move(
    actor: Actor,
    clock: Clock,
    entry_id: int,
    trigger: str,
    *,
    at_once: bool,
    seen_version: int | None,
    reason: str | None = None,
    kept: Kept | None = None,
) -> LedgerEntry:
    """Mark an entry read, question it, answer, or void it, also on the drafts that count it; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        counting = counting_of([entry_id], lock=True).get(entry_id, ())
        entry = entries.find(entry_id, lock=True)
        if entry is None:
            raise not_seen()
        facts = facts_of(entry, counting, at_once=at_once)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, reason))
        if isinstance(answer, Denied):
            raise stale(entry.version, entry.state) if answer.reason is Reason.STALE else Refusal(answer)
        text = (reason or "").strip()
        if len(text) > entries.TEXT_LENGTH:
            raise invalid(FieldError("reason", entries.TOO_LONG, {"most": entries.TEXT_LENGTH}))
        if answer.trigger == Trigger.VOID:
            _void_on_cards(work, counting, text)
        needed = lifecycle.RESPONSIBLE.get(answer.trigger)
        role = actor.apart_from(facts.person_id).acts_as(UNIT_ROLES[needed], facts.unit_path) if needed else None
        work.change(entry, f"ledger.{answer.trigger}", _values(work, answer, text), role=role, reason=text)
        work.finish(entry)
        return entry


def facts_of(entry: LedgerEntry, counting: Sequence[_Counting], *, at_once: bool) -> LedgerFacts:
    """Give what policy and lifecycle need to know of an entry."""
    path = db.session.scalar(select(Unit.path).where(Unit.id == entry.unit_id)) or ""
    shown = select(LedgerEntry.id).where(LedgerEntry.id == entry.id, ledger_scope.is_shown(at_once=at_once))
    signed = (each.opened.card.number for each in counting if each.hindrance)
    return LedgerFacts(
        state=entry.state,
        version=entry.version,
        unit_path=path,
        item=entry.item_code,
        person_id=entry.person_id,
        shown=db.session.scalar(shown) is not None,
        counted_on=next(signed, ""),
    )


def counting_of(entry_ids: Sequence[int], *, lock: bool = False) -> dict[int, list[_Counting]]:
    """Give the standing adjustments by which cards count these entries, in two queries or three."""
    query = (
        select(Adjustment)
        .join(Scorecard, Scorecard.id == Adjustment.scorecard_id)
        .where(
            Adjustment.ledger_entry_id.in_(sorted(entry_ids)),
            Adjustment.voided_at.is_(None),
            Scorecard.state.not_in(GONE),
        )
    )
    cards_found = cards.open_many({each.scorecard_id for each in db.session.scalars(query)}, lock=lock)
    found: dict[int, list[_Counting]] = {}
    for row in db.session.scalars(query.order_by(Adjustment.id).execution_options(populate_existing=True)):
        if row.scorecard_id in cards_found and row.ledger_entry_id is not None:
            found.setdefault(row.ledger_entry_id, []).append(_Counting(cards_found[row.scorecard_id], row))
    return found


def _day(text: str, today: date) -> date:
    try:
        day = parse_day(text)
    except PeriodError as error:
        raise invalid(FieldError("on", error.phrase)) from error
    if day > today:
        raise invalid(FieldError("on", NOT_YET))
    return day


def _find_subject(actor: Actor, code: str, on: date) -> Subject:
    """Find a person, or else a unit, of a unit in which the actor records at all; raises Refusal (invalid)."""
    subject = find_subject(code, on)
    if subject is None or not unit_items(actor, Action.LEDGER_RECORD, subject.unit.path):
        raise invalid(FieldError("subject", NOT_AMONG_YOURS, {"code": code}))
    return subject


def _hold_plans_back(on: date) -> None:
    """Let no plan of the day's periods open meanwhile: its cards would miss the entry (no-op where writers take turns)."""
    periods = [Period.holding(on, frequency).label for frequency in Frequency]
    not_open = (plan_lifecycle.State.DRAFT, plan_lifecycle.State.OPENING)
    query = select(Plan.id).where(Plan.period.in_(periods), Plan.state.in_(not_open)).order_by(Plan.id)
    db.session.execute(query.with_for_update(read=True))


def _card_of(subject: Subject, new: NewEntry, on: date) -> Scorecard | None:
    """Give the newest card of the subject and the day that has the item; raises Refusal where schemes leave it open."""
    periods = [Period.holding(on, frequency).label for frequency in Frequency]
    found = [card for card in _cards_with(subject, new) if card.period in periods and card.state not in GONE]
    schemes = sorted({card.scheme_code for card in found})
    if len(schemes) > 1:
        raise invalid(FieldError("scheme", NAME_SCHEME, {"choices": "、".join(schemes)}))
    return max(found, key=lambda card: card.revision, default=None)


def _before_any_card(subject: Subject, new: NewEntry, on: date) -> Occasion:
    """Say what an entry is about by the scheme that is named, or else the one of the subject's newest card."""
    newest = max(_cards_with(subject, new), key=lambda card: card.period, default=None)
    code = new.scheme or (newest.scheme_code if newest else None)
    version = in_force(code, Period.holding(on, Frequency.DAY)) if code else None
    scheme = scorer_of(version.id).scheme if version else None
    if version is None or scheme is None or scheme.subject != subject.kind or new.item not in scheme.items:
        raise invalid(FieldError("scheme", NO_SCHEME, {"item": new.item}))
    return Occasion(
        scheme_version_id=version.id,
        scheme_code=version.code,
        period=Period.holding(on, scheme.frequency).label,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_code=subject.code,
        subject_name=subject.name,
        person_id=subject.person_id,
        unit_id=subject.unit.id,
        item_code=new.item,
    )


def _cards_with(subject: Subject, new: NewEntry) -> list[Scorecard]:
    """Give the subject's cards that have the item, under the scheme that is named or under any."""
    query = (
        select(Scorecard)
        .join(ScorecardItem, ScorecardItem.scorecard_id == Scorecard.id)
        .where(
            Scorecard.subject_kind == subject.kind,
            Scorecard.subject_id == subject.id,
            ScorecardItem.code == new.item,
        )
    )
    if new.scheme is not None:
        query = query.where(Scorecard.scheme_code == new.scheme)
    return list(db.session.scalars(query.order_by(Scorecard.id)))


def _record_on(work: Work, card: Scorecard, entry: LedgerEntry) -> None:
    """Write an entry together with the card that counts it; raises Refusal where the card takes no changes."""
    opened = cards.open_many([card.id], lock=True)[card.id]
    facts = cards.facts_of(opened)
    permit(
        lifecycle.decide_record(work.actor, entry.item_code, facts.unit_path, entry.person_id),
        card_lifecycle.decide_edit(facts, facts.version),
    )
    fed = entries.rescored(work, opened, entry.item_code, [*entries.entries_on(card.id, entry.item_code), entry])
    entries.keep(work, entry, opened.found.unit_path)
    entries.count_on(work, opened, entry, fed)


def _void_on_cards(work: Work, counting: Sequence[_Counting], reason: str) -> None:
    for each in counting:
        code = each.adjustment.item_code
        left = [other for other in entries.entries_on(each.opened.card.id, code) if other is not each.adjustment]
        fed: Fed = entries.rescored(work, each.opened, code, left)
        entries.void_on(work, each.opened, each.adjustment, reason, fed)


def _values(work: Work, answer: Move, text: str) -> dict[str, object]:
    """Give what a move writes beside the state: a new question takes the place of the one before and of its answer."""
    no_answer = {"answer": None, "answered_by": None, "answered_at": None}
    written: Mapping[str, dict[str, object]] = {
        Trigger.ACKNOWLEDGE: {"acknowledged_at": work.now},
        Trigger.QUESTION: {"question": text, "questioned_at": work.now, **no_answer},
        Trigger.ANSWER: {"answer": text, "answered_by": work.actor.account_id, "answered_at": work.now},
        Trigger.VOID: {"voided_by": work.actor.account_id, "voided_at": work.now, "void_reason": text},
    }
    return {"state": answer.target, **written[answer.trigger]}

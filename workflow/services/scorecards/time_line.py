"""The approval time line of one card and the changes of each of its items, read from its records in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from workflow.models.accounts import Account
from workflow.models.card_queries import HANDLING
from workflow.models.database import db
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Signature, SignatureVoid
from workflow.policy import ALL, Action, Actor, State, Trigger, decide_card, visible_items
from workflow.services.record.look_up_records import item_of
from workflow.services.record.told_records import FieldChange, field_change
from workflow.services.scorecards import cards
from workflow.services.scorecards.card_past import MOVES
from workflow.services.scorecards.cards import OpenCard

STEPS = (*MOVES, "refused")
"""What stands on the time line: what moved the card, and signings that were refused."""

_PUBLIC = frozenset({Trigger.PREPARE, Trigger.REVIEW, Trigger.APPROVE, Trigger.PUBLISH})
_AHEAD: Mapping[str, tuple[Trigger, ...]] = {
    State.DRAFT: (Trigger.PREPARE, Trigger.REVIEW, Trigger.APPROVE, Trigger.PUBLISH),
    State.PREPARED: (Trigger.REVIEW, Trigger.APPROVE, Trigger.PUBLISH),
    State.REVIEWED: (Trigger.APPROVE, Trigger.PUBLISH),
    State.APPROVED: (Trigger.PUBLISH,),
}
_HIDDEN = frozenset({"basis", "code", "position"})
"""Fields of an item's record that tell a reader nothing: they follow from the others, or never change."""


@dataclass(frozen=True, slots=True)
class TimeLineStep:
    """One step: who did it as what, when, how long after the step before, why, and for a signature how it was proved.

    `voided`: the signature was taken back later. The trigger is a move of a card, `create` or `refused`.
    """

    trigger: str
    at: datetime
    took: timedelta | None
    name: str | None
    role: str | None
    on_behalf_of: str | None
    reason: str
    method: str | None
    voided: bool


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One change of an item: who, as what, when, why, and its fields before and after."""

    at: datetime
    event: str
    name: str | None
    role: str | None
    on_behalf_of: str | None
    reason: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The steps so far, oldest first, the moves still ahead, and every change of each item, oldest first."""

    steps: tuple[TimeLineStep, ...]
    ahead: tuple[Trigger, ...]
    items: Mapping[str, tuple[ItemChange, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    """One record of the card with the signature that it brought."""

    record: Record
    content: Mapping[str, Any] | None  # none: erased by order
    name: str | None
    holder: str | None
    method: str | None
    void_id: int | None

    @property
    def reason(self) -> str:
        return str((self.content or {}).get("reason", ""))

    @property
    def changes(self) -> list[FieldChange]:
        return [field_change(change) for change in (self.content or {}).get("changes", ())]


def time_line(actor: Actor, opened: OpenCard) -> TimeLine:
    """Give the time line of a card that the reader has opened, in one query.

    Who may not read its whole record sees the signatures that stand and the publication; the changes only of items that
    they may see and whose record they may read.
    """
    told = [_Told(*row) for row in db.session.execute(_records(opened.card.id))]
    handled = any(each.record.actor_id == actor.account_id and each.record.event in HANDLING for each in told)
    facts = replace(cards.facts_of(opened), handled=handled)
    may_read, seen = decide_card(actor, Action.CARD_RECORD, facts) is None, visible_items(actor, facts)
    steps = _steps(told, everything=may_read and seen is ALL)
    items = _changes(told, [code for code in opened.items if code in seen]) if may_read else {}
    return TimeLine(steps, _AHEAD.get(opened.card.state, ()), items)


def _records(card_id: int) -> Select[*tuple[Any, ...]]:
    holder = aliased(Account)
    return (
        select(Record, RecordContent.content, Account.name, holder.name, Signature.method, SignatureVoid.id)
        .outerjoin(RecordContent, RecordContent.record_id == Record.id)
        .outerjoin(Account, Account.id == Record.actor_id)
        .outerjoin(holder, holder.id == Record.on_behalf_of)
        .outerjoin(Signature, and_(Signature.scorecard_id == card_id, Signature.record_id == Record.id))
        .outerjoin(SignatureVoid, SignatureVoid.signature_id == Signature.id)
        .where(Record.entity_kind == "scorecard", Record.entity_id == card_id)
        .order_by(Record.id)
    )


def _steps(told: Iterable[_Told], *, everything: bool) -> tuple[TimeLineStep, ...]:
    steps: list[TimeLineStep] = []
    for each in told:
        trigger = each.record.event.removeprefix("scorecard.")
        if trigger not in STEPS or not (everything or (trigger in _PUBLIC and each.void_id is None)):
            continue
        step = TimeLineStep(
            trigger=trigger,
            at=each.record.at,
            took=each.record.at - steps[-1].at if steps else None,
            name=each.name,
            role=each.record.role,
            on_behalf_of=each.holder,
            reason=each.reason if everything else "",
            method=each.method,
            voided=each.void_id is not None,
        )
        steps.append(step)
    return tuple(steps)


def _changes(told: Iterable[_Told], codes: Iterable[str]) -> dict[str, tuple[ItemChange, ...]]:
    """Give every change of each item; the reason only where the record speaks of no other item."""
    found: dict[str, list[ItemChange]] = {code: [] for code in codes}
    for each in told:
        by_item: dict[str, list[FieldChange]] = {}
        for change in each.changes:
            item = item_of(change)
            if item is not None and _tells(change):
                by_item.setdefault(item, []).append(change)
        reason, who = each.reason if len(by_item) == 1 else "", (each.name, each.record.role, each.holder)
        for item in by_item.keys() & found.keys():
            found[item].append(ItemChange(each.record.at, each.record.event, *who, reason, tuple(by_item[item])))
    return {code: tuple(changes) for code, changes in found.items()}


def _tells(change: FieldChange) -> bool:
    """Whether a change tells a reader anything: nothing put in when the card was created does not."""
    is_blank = change.before is None and not change.after
    return not is_blank and change.field.rpartition("/")[2] not in _HIDDEN

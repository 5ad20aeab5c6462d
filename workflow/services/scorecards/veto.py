"""Vetoes 一票否决 on a card: entered with a day and a reason, lifted with a reason; each time the card is added up anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow.errors import FieldError, Reason, invalid, not_seen, stale
from workflow.lifecycle import scorecard as lifecycle
from workflow.models.scorecards import Scorecard
from workflow.policy import CARD_ROLES, Action, Actor, decide_veto
from workflow.records.canonical import plain
from workflow.scoring.errors import InputError
from workflow.services.clock import Clock
from workflow.services.fields import require_version
from workflow.services.recorders.entries import TEXT_LENGTH, TOO_LONG
from workflow.services.scorecards import cards
from workflow.services.scorecards.appraise import check_reason
from workflow.services.scorecards.cards import OpenCard
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.wording import Phrase

STANDS = Phrase("此项一票否决已登记", "this veto stands on the card already")
OUTSIDE = Phrase("日期须在考核期内({period})", "the day must lie within the card's period ({period})")


def enter_veto(
    actor: Actor,
    clock: Clock,
    card_id: int,
    entry: Mapping[str, Any],
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Scorecard:
    """Enter a veto `{code, on, reason}` of the card's scheme; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        opened = open_to_veto(actor, card_id, lock=True)
        require_version(seen_version)
        read = _read(opened, entry)
        _check_editable(opened, seen_version)
        _write(work, opened, [*opened.card.vetoes, read], "scorecard.veto", str(read["reason"]))
        work.finish(opened.card)
        return opened.card


def lift_veto(
    actor: Actor,
    clock: Clock,
    card_id: int,
    code: str,
    reason: str,
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Scorecard:
    """Take a veto back with a reason; that it stood stays in the record. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        opened = open_to_veto(actor, card_id, lock=True)
        left = [each for each in opened.card.vetoes if each["code"] != code]
        if len(left) == len(opened.card.vetoes):
            raise not_seen()
        require_version(seen_version)
        check_reason(reason)
        _check_editable(opened, seen_version)
        _write(work, opened, left, "scorecard.lift_veto", reason)
        work.finish(opened.card)
        return opened.card


def open_to_veto(actor: Actor, card_id: int, *, lock: bool = False) -> OpenCard:
    """Find a card whose vetoes the actor may change: whoever fills in all of it, not one who records some items of it."""
    opened = cards.open_card(actor, Action.CARD_SEE, card_id, lock=lock)
    cards.check(decide_veto(actor, cards.facts_with_history(opened, actor)))
    return opened


def _read(opened: OpenCard, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Read an entry by the rules of scoring; within the card's period, and not one that stands already."""
    try:
        veto = opened.scorer.read_vetoes([entry])[0]
    except InputError as error:
        faults = (
            FieldError(each.path.removeprefix("vetoes[0]").removeprefix("."), each.phrase, dict(each.values))
            for each in error.problems
        )
        raise invalid(*faults) from error
    if len(veto.reason) > TEXT_LENGTH:
        raise invalid(FieldError("reason", TOO_LONG, {"most": TEXT_LENGTH}))
    if not opened.period.contains(date.fromisoformat(veto.on)):
        raise invalid(FieldError("on", OUTSIDE, {"period": opened.period.label}))
    if any(each["code"] == veto.code for each in opened.card.vetoes):
        raise invalid(FieldError("code", STANDS))
    return {"code": veto.code, "on": veto.on, "reason": str(plain(veto.reason))}


def _check_editable(opened: OpenCard, seen_version: int | None) -> None:
    denied = lifecycle.decide_edit(cards.facts_of(opened), seen_version)
    if denied is not None and denied.reason is Reason.STALE:
        raise stale(opened.card.version, opened.card.vetoes)
    cards.check(denied)


def _write(work: Work, opened: OpenCard, vetoes: list[dict[str, Any]], event: str, reason: str) -> None:
    totals = cards.totals_as_values(cards.add_up(opened, {}, vetoes))
    role = work.actor.acts_as(CARD_ROLES[Action.CARD_EDIT], opened.found.unit_path)
    work.change(opened.card, event, {"vetoes": vetoes, **totals}, role=role, reason=reason)

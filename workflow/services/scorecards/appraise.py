"""Filling a card in: an item's input, a note, an adjustment; each edit recomputes the card in its own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, not_seen, refuse, stale
from workflow.lifecycle import scorecard as lifecycle
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.policy import Action, Actor
from workflow.records.canonical import plain
from workflow.scoring.card import ItemOutcome
from workflow.scoring.parts import UNKNOWN_KEY
from workflow.services.clock import Clock
from workflow.services.fields import require_version
from workflow.services.recorders import entries
from workflow.services.recorders.entries import TEXT_LENGTH, TOO_LONG
from workflow.services.scorecards import cards, kept_batches
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.completing import Completer, check_rates
from workflow.services.scorecards.kept_batches import Answered, KeptBatch
from workflow.services.scorecards.roll_up import taken_from_cards
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work
from workflow.wording import Phrase

MOST_EDITS = 5000

BY_ENTRIES = Phrase(
    "加减分请逐笔登记;此处只接受空列表(本期无加减分)",
    "enter additions and deductions one by one; only the empty list (nothing happened) is taken here",
)
FROM_RATERS = Phrase("此项由评价人评价得出,不能填写", "this item is what its raters say and can't be filled in")
FROM_CARDS = Phrase("此项由其他评分表汇总得出,不能填写", "this item is taken from other cards and can't be filled in")


@dataclass(frozen=True, slots=True)
class ItemEdit:
    """What somebody puts in for one item; `note` None leaves the note as it is."""

    item: str
    input: Mapping[str, Any] | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The card after an edit: its version, the item's points, and what the card adds up to.

    `whole` is False for who sees only some items of it: such a reader is not told what they add up to.
    """

    card: Scorecard
    item: ScorecardItem
    whole: bool

    @property
    def points(self) -> Decimal | None:
        """The item's points, none while it is incomplete."""
        return self.item.points


@dataclass(frozen=True, slots=True)
class CardEdit:
    """One row of a batch: the card, the version that was seen, and the edit."""

    card_id: int
    seen_version: int | None
    edit: ItemEdit


def edit_item(
    actor: Actor, clock: Clock, card_id: int, edit: ItemEdit, *, seen_version: int | None, kept: Kept | None = None
) -> Edited:
    """Put in one item and recompute the card; raises Refusal, of which a stale one carries the newest value."""
    with unit_of_work(actor, clock, kept) as work:
        opened = _open(actor, card_id, edit.item)
        require_version(seen_version)
        part, outcome = _prepare_edit(work, opened, edit, Completer([opened]))
        _check_editable(opened, edit.item, seen_version, _has_entries(opened, edit.item))
        entries.write_items(work, opened, [part], {edit.item: outcome}, "scorecard.edit")
        edited = _edited(actor, opened, edit.item)
        work.finish(edited)
        return edited


def edit_many(
    actor: Actor, clock: Clock, edits: Sequence[CardEdit], kept: KeptBatch | None = None
) -> list[Edited | Refusal | Answered]:
    """Put in many items of many cards in one transaction, the answers in the order of the edits.

    Each card stands alone and checks its version once (the first edit's); a wrong input fails alone. A card that was
    asked the same before under the same key gets its rows' answers again.
    """
    with unit_of_work(actor, clock) as work:
        by_card: dict[int, list[int]] = {}
        for place, edit in enumerate(edits):
            by_card.setdefault(edit.card_id, []).append(place)
        opened = cards.open_many(by_card, lock=True)
        completer = Completer(opened.values())
        before = kept_batches.answers_before(work, kept)
        by_place: dict[int, Edited | Refusal | Answered] = {}
        acted: dict[int, list[Edited | Refusal]] = {}
        for card_id in sorted(by_card):
            places = by_card[card_id]
            rows = _rows_before(before[card_id], len(places)) if card_id in before else None
            if rows is None:
                edited = _edit_card(work, opened.get(card_id), [edits[place] for place in places], completer)
                if any(isinstance(each, Edited) for each in edited):
                    acted[card_id] = edited
                rows = list(edited)
            by_place.update(zip(places, rows, strict=True))
        kept_batches.keep(work, kept, acted)
        return [by_place[place] for place in range(len(edits))]


def add_adjustment(
    actor: Actor,
    clock: Clock,
    card_id: int,
    code: str,
    entry: Mapping[str, Any],
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Edited:
    """Enter an addition or deduction with its date and reason, in the ledger and on the card at once; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        opened = _open(actor, card_id, code)
        require_version(seen_version)
        counted = _entries(opened, code)
        entry_row = entries.read(work, opened.scorer, entries.occasion_of(opened.card, code), entry)
        fed = entries.rescored(work, opened, code, [*counted, entry_row])
        _check_editable(opened, code, seen_version)
        entries.keep(work, entry_row, opened.found.unit_path)
        entries.count_on(work, opened, entry_row, fed)
        edited = _edited(actor, opened, code)
        work.finish(edited)
        return edited


def void_adjustment(
    actor: Actor,
    clock: Clock,
    card_id: int,
    code: str,
    number: int,
    reason: str,
    *,
    seen_version: int | None,
    kept: Kept | None = None,
) -> Edited:
    """Take an adjustment back with a reason; it stays in the record and on the card, struck out, and is void in the ledger.

    On a revision it is void in the ledger only once that has taken the place of the card that counts it.
    """
    with unit_of_work(actor, clock, kept) as work:
        opened = _open(actor, card_id, code)
        counted = _entries(opened, code)
        voided = next((each for each in counted if each.number == number), None)
        if voided is None:
            raise not_seen()
        require_version(seen_version)
        check_reason(reason)
        fed = entries.rescored(work, opened, code, [each for each in counted if each is not voided])
        _check_editable(opened, code, seen_version, Denied(Reason.NOT_SEEN) if voided.voided_at else None)
        entries.void_on(work, opened, voided, reason, fed)
        if opened.card.revises_id is None:
            entries.drop(work, voided)
        edited = _edited(actor, opened, code)
        work.finish(edited)
        return edited


def _rows_before(before: Answered | Refusal, count: int) -> list[Edited | Refusal | Answered]:
    """Give each row of a card what it was answered before."""
    return [before] * count if isinstance(before, Refusal) else [Answered(row) for row in before.answer["results"]]


def _edit_card(
    work: Work, opened: OpenCard | None, edits: Sequence[CardEdit], completer: Completer
) -> list[Edited | Refusal]:
    """Apply one card's edits of a batch in one change of the card, which checks its version once: the first edit's."""
    if opened is None:
        return [not_seen() for _ in edits]
    ready: dict[str, tuple[Part, ItemOutcome]] = {}
    answers: list[Refusal | str] = []
    for row in edits:
        code = row.edit.item
        try:
            cards.check_item(work.actor, opened, code)
            require_version(edits[0].seen_version)
            prepared = _prepare_edit(work, opened, row.edit, completer)
            _check_editable(opened, code, edits[0].seen_version, _has_entries(opened, code))
            ready[code] = prepared
            answers.append(code)
        except Refusal as refusal:
            answers.append(refusal)
    if ready:
        outcomes = {code: outcome for code, (_, outcome) in ready.items()}
        entries.write_items(work, opened, [part for part, _ in ready.values()], outcomes, "scorecard.edit")
    return [each if isinstance(each, Refusal) else _edited(work.actor, opened, each) for each in answers]


def _edited(actor: Actor, opened: OpenCard, code: str) -> Edited:
    return Edited(opened.card, opened.items[code], cards.is_seen_whole(actor, opened))


def _open(actor: Actor, card_id: int, code: str) -> OpenCard:
    """Find the card and ask policy for the item: what may not be seen is not there."""
    opened = cards.open_card(actor, Action.CARD_SEE, card_id, lock=True)
    cards.check_item(actor, opened, code)
    return opened


def _check_editable(opened: OpenCard, code: str, seen_version: int | None, hindrance: Denied | None = None) -> None:
    """Ask the lifecycle whether inputs may change now; a stale version is told the newest one and its value.

    A hindrance of the item's own comes after those of the card's state and before a stale version.
    """
    denied = lifecycle.decide_edit(cards.facts_of(opened), seen_version)
    is_stale = denied is not None and denied.reason is Reason.STALE
    cards.check(None if is_stale else denied)
    cards.check(hindrance)
    if is_stale:
        raise stale(opened.card.version, opened.items[code].input)


def _has_entries(opened: OpenCard, code: str) -> Denied | None:
    """An item with standing adjustments takes no other input."""
    if opened.scorer.scheme.items[code].rule.kind != "adjustments":
        return None
    stands = any(each.voided_at is None for each in _entries(opened, code))
    return Denied(Reason.HAS_ENTRIES) if stands else None


def check_reason(reason: str) -> None:
    """Raise Refusal for a reason that is empty or longer than is kept."""
    if not reason.strip():
        raise refuse(Reason.REASON_TOO_SHORT, least=1)
    if len(reason) > TEXT_LENGTH:
        raise invalid(FieldError("reason", TOO_LONG, {"most": TEXT_LENGTH}))


def _prepare_edit(work: Work, opened: OpenCard, edit: ItemEdit, completer: Completer) -> tuple[Part, ItemOutcome]:
    """Read, complete and score an edit without writing anything; raises Refusal (invalid) for a wrong input."""
    item = opened.items[edit.item]
    if len(edit.note or "") > TEXT_LENGTH:
        raise invalid(FieldError("note", TOO_LONG, {"most": TEXT_LENGTH}))
    if edit.input and edit.item in taken_from_cards(opened.scorer.scheme):
        raise invalid(FieldError("input", FROM_CARDS))
    if edit.input and completer.is_rated(opened, edit.item):
        raise invalid(FieldError("input", FROM_RATERS))
    if edit.input and "groups" in edit.input and opened.scorer.scheme.items[edit.item].rule.kind == "raters":
        raise invalid(FieldError("input.groups", UNKNOWN_KEY))
    is_entered_one_by_one = opened.scorer.scheme.items[edit.item].rule.kind == "adjustments"
    if is_entered_one_by_one and edit.input and edit.input.get("adjustments"):
        raise invalid(FieldError("input.adjustments", BY_ENTRIES))
    with cards.faults_under("input"):
        entered = completer.complete(opened, edit.item, edit.input)
        check_rates(entered, opened.period.last_day)
        outcome = cards.score(opened, edit.item, entered, work.actor.name)
    values = {
        "input": plain(entered) or None,
        "source": work.actor.name if edit.input else "",
        "is_fed": not edit.input and entered is not None,
        **cards.outcome_as_values(outcome),
    }
    if edit.note is not None:
        values["note"] = plain(edit.note)
    return Part(item, f"items/{edit.item}", values), outcome


def _entries(opened: OpenCard, code: str) -> list[Adjustment]:
    if opened.scorer.scheme.items[code].rule.kind != "adjustments":
        raise invalid(FieldError("item", entries.NOT_BY_ENTRIES))
    return entries.entries_on(opened.card.id, code)

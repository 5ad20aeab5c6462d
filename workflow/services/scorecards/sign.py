"""Moving cards through their life: prepare, review, approve, return, withdraw, publish, revise, void."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.errors import Denied, Reason, Refusal, not_seen, stale
from workflow.lifecycle import scorecard as lifecycle
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.models import card_queries
from workflow.models.scorecards import Adjustment, Scorecard, Signature, SignatureVoid
from workflow.models.types import new_id
from workflow.policy import MOVES, Actor, CardFacts, Grant, Meaning, Trigger, acting_grant
from workflow.services.clock import Clock
from workflow.services.following import follow_up
from workflow.services.measurements import measure
from workflow.services.paying import payroll
from workflow.services.ranking import rank
from workflow.services.record import log_ahead
from workflow.services.scorecards import cards, derive, kept_batches, revise
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.kept_batches import Answered, KeptBatch
from workflow.services.scorecards.refusals import note_refused_signing
from workflow.services.scorecards.sealing import digest_of
from workflow.services.unit_of_work import Kept, Part, Work, unit_of_work

MOST_MOVES = 500


@dataclass(frozen=True, slots=True)
class CardVersion:
    """A card as somebody saw it."""

    card_id: int
    seen_version: int | None


@dataclass(frozen=True, slots=True)
class SignedCard:
    """A card as one transaction sees it, with all its signatures and what policy knows of it."""

    opened: OpenCard
    signatures: tuple[Signature, ...]
    facts: CardFacts
    digest: str


def move(
    actor: Actor, clock: Clock, card_id: int, asked: Asked, *, seen_version: int | None, kept: Kept | None = None
) -> Scorecard:
    """Move one card; raises Refusal, which for a signing is itself recorded once everything else is undone."""
    refresh_before_signing(actor, clock, [CardVersion(card_id, seen_version)], asked.trigger)
    try:
        with unit_of_work(actor, clock, kept) as work:
            found = _gather(actor, [card_id])
            moved = _move_one(work, found.get(card_id), asked, seen_version)
            _follow(work, [moved], asked.trigger)
            work.finish(moved)
            return moved
    except Refusal as refusal:
        note_refused_signing(actor, clock, asked.trigger, {card_id: refusal})
        raise


def move_many(
    actor: Actor, clock: Clock, rows: Sequence[CardVersion], asked: Asked, kept: KeptBatch | None = None
) -> list[Scorecard | Refusal | Answered]:
    """Move many cards in one transaction, each standing alone; the answers come in the order asked.

    A card that was asked the same before under the same key gets its answer again.
    """
    refresh_before_signing(actor, clock, rows, asked.trigger)
    answers: list[Scorecard | Refusal | Answered] = []
    with unit_of_work(actor, clock) as work:
        found = _gather(actor, [row.card_id for row in rows])
        before = kept_batches.answers_before(work, kept)
        for row in rows:
            if row.card_id in before:
                answers.append(before[row.card_id])
                continue
            try:
                answers.append(_move_one(work, found.pop(row.card_id, None), asked, row.seen_version))
            except Refusal as refusal:  # raised before anything of this card is written
                answers.append(refusal)
        _follow(work, [each for each in answers if isinstance(each, Scorecard)], asked.trigger)
        moved = zip(rows, answers, strict=True)
        kept_batches.keep(work, kept, {row.card_id: each for row, each in moved if isinstance(each, Scorecard)})
    refused = {row.card_id: each for row, each in zip(rows, answers, strict=True) if isinstance(each, Refusal)}
    note_refused_signing(actor, clock, asked.trigger, refused)
    return answers


def _follow(work: Work, moved: Sequence[Scorecard], trigger: str) -> None:
    """Let the drafts follow that take from these cards; where a revision was published after its plan, rank anew."""
    derive.follow_cards(work, moved)
    if trigger == Trigger.PUBLISH and moved:
        ranked = rank.rank_again(work, moved)
        follow_up.propose_again(work, ranked)
        payroll.settle_again(work, ranked)


def refresh_before_signing(actor: Actor, clock: Clock, rows: Sequence[CardVersion], trigger: str) -> None:
    """Score drafts anew where what they are derived from has changed: their version moves, so nobody signs unseen points.

    Raises Refusal for any signing while the log is known to be longer elsewhere.
    """
    if trigger in set(Meaning):
        log_ahead.refuse_if_behind()
    if trigger == Trigger.PREPARE:
        derive.refresh_drafts(actor, clock, [row.card_id for row in rows])


def _gather(actor: Actor, card_ids: Sequence[int]) -> dict[int, SignedCard]:
    """Lock the cards and read what deciding about them takes, in a fixed number of queries."""
    found = cards.open_many(card_ids, lock=True)
    signatures = card_queries.signatures_of(list(found))
    handled = card_queries.handled(list(found), actor.account_id)
    adjustments: dict[int, list[Adjustment]] = {card_id: [] for card_id in found}
    for entry in card_queries.adjustments_of(list(found)):
        adjustments[entry.scorecard_id].append(entry)
    gathered = {}
    for card_id, opened in found.items():
        standing = card_queries.standing(signatures[card_id])
        facts = replace(cards.facts_of(opened), signatures=card_queries.as_facts(standing), handled=card_id in handled)
        gathered[card_id] = SignedCard(opened, standing, facts, digest_of(opened, adjustments[card_id]))
    return gathered


def _move_one(work: Work, signed: SignedCard | None, asked: Asked, seen_version: int | None) -> Scorecard:
    """Decide and write one move; every refusal comes before the first write."""
    if signed is None:
        raise not_seen()
    answer = lifecycle.decide(asked.trigger, signed.facts, _request(work.actor, signed, asked, seen_version))
    if isinstance(answer, Denied):
        raise stale(signed.facts.version, signed.facts.state) if answer.reason is Reason.STALE else Refusal(answer)
    if asked.trigger == Trigger.REVISE:
        return revise.begin(work, signed.opened, asked.reason or "")
    _write(work, signed, answer, asked)
    return signed.opened.card


def _request(actor: Actor, signed: SignedCard, asked: Asked, seen_version: int | None) -> MoveRequest:
    return MoveRequest(
        actor=actor,
        seen_version=seen_version,
        reason=asked.reason,
        to=asked.to,
        proof=asked.proof.method,
        proof_wrong=asked.proof.wrong,
        content_matches=not signed.signatures or signed.signatures[-1].digest == signed.digest,
    )


def _write(work: Work, signed: SignedCard, answer: Move, asked: Asked) -> None:
    card = signed.opened.card
    acting = acting_grant(work.actor, MOVES[answer.trigger], signed.facts)
    values: dict[str, object] = {"state": answer.target}
    if answer.trigger == Trigger.PUBLISH:
        values["published_at"] = work.now
    if answer.trigger == Trigger.PREPARE:
        values["appraised_person_id"] = revise.appraised_person(card)
    parts = [_void(work, signed, voided.meaning) for voided in answer.voided]
    if answer.meaning is not None:
        parts.append(_signature(work, signed, answer.meaning, asked, acting))
    work.change(card, f"scorecard.{answer.trigger}", values, parts=parts, role=acting, reason=asked.reason or "")
    if answer.trigger == Trigger.APPROVE:
        measure.settle(work, signed.opened)
    if answer.trigger == Trigger.PUBLISH:
        revise.supersede_old(work, card)


def _signature(work: Work, signed: SignedCard, meaning: Meaning, asked: Asked, acting: Grant | None) -> Part:
    values: Mapping[str, Any] = {
        "meaning": meaning,
        "role": acting.role if acting else None,
        "account_id": work.actor.account_id,
        "person_id": work.actor.person_id,
        "name": work.actor.name,
        "on_behalf_of": acting.holder.name if acting and acting.holder else None,
        "at": work.now,
        "method": asked.proof.method,
        "digest": signed.digest,
    }
    return Part(
        Signature(id=new_id(), scorecard_id=signed.opened.card.id), f"signatures/{meaning}", values, is_new=True
    )


def _void(work: Work, signed: SignedCard, meaning: str) -> Part:
    voided = next(each for each in signed.signatures if each.meaning == meaning)
    row = SignatureVoid(id=new_id(), scorecard_id=signed.opened.card.id)
    return Part(row, f"voided/{meaning}", {"signature_id": voided.id, "at": work.now}, is_new=True)

"""Questions 询问 that a signer asks about a card without returning it: asked, answered by a preparer, or taken back."""

from workflow.errors import Denied, FieldError, Reason, Refusal, invalid, refuse, stale
from workflow.lifecycle import question as lifecycle
from workflow.lifecycle.machine import MoveRequest
from workflow.lifecycle.question import LEAST_TEXT, Trigger
from workflow.models.questions import TEXT_LENGTH, CardQuestion
from workflow.models.types import new_id
from workflow.policy import ASKABLE, STATE_NAMES, Action, Actor, Grant, State, acting_grant, decide_ask
from workflow.services.clock import Clock
from workflow.services.fields import Fields
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.look_up_questions import facts_of, question_of
from workflow.services.unit_of_work import Kept, Work, unit_of_work
from workflow.wording import Phrase

ASKING = Phrase("提出询问", "asking a question")
NO_SUCH_ITEM = Phrase("此评分表没有项目 {item}", "this card has no item {item}")


def ask(
    actor: Actor, clock: Clock, card_id: int, text: str, item: str | None = None, *, kept: Kept | None = None
) -> CardQuestion:
    """Ask about an item of a card that waits for one's signature, or about the whole card; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        opened = open_to_ask(actor, card_id, lock=True)
        words = _read("text", text)
        if item is not None and item not in opened.items:
            raise invalid(FieldError("item", NO_SUCH_ITEM, {"item": item}))
        card, role = opened.card, _asks_as(actor, opened)
        if card.state not in ASKABLE:
            raise refuse(Reason.WRONG_STATE, state=STATE_NAMES[State(card.state)], move=ASKING)
        question = CardQuestion(
            id=new_id(),
            scorecard_id=card.id,
            unit_id=card.unit_id,
            item=item,
            text=words,
            asker_id=actor.account_id,
            asker_person_id=actor.person_id,
            asker_name=actor.name,
            asker_role=role.role if role else None,
            asked_at=work.now,
        )
        work.create(question, "question.ask", role=role)
        work.finish(question)
        return question


def move(
    actor: Actor,
    clock: Clock,
    question_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    text: str | None = None,
    kept: Kept | None = None,
) -> CardQuestion:
    """Answer a question or take it back; the text is the answer. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        question = question_of(question_id, lock=True)
        facts = facts_of(actor, question)
        answer = lifecycle.decide(trigger, facts, MoveRequest(actor, seen_version, text))
        if isinstance(answer, Denied):
            raise stale(question.version, question.state) if answer.reason is Reason.STALE else Refusal(answer)
        values = {"state": answer.target, **(_said(work, text) if trigger == Trigger.ANSWER else {})}
        role = acting_grant(actor, Action.CARD_PREPARE, facts.card) if trigger == Trigger.ANSWER else None
        work.change(question, f"question.{trigger}", values, role=role)
        work.finish(question)
        return question


def open_to_ask(actor: Actor, card_id: int, *, lock: bool = False) -> OpenCard:
    """Find a card about which the actor may ask, in whatever state it is; raises Refusal."""
    opened = cards.open_card(actor, Action.CARD_SEE, card_id, lock=lock)
    cards.check(decide_ask(actor, cards.facts_with_history(opened, actor)))
    return opened


def _asks_as(actor: Actor, opened: OpenCard) -> Grant | None:
    return acting_grant(actor, Action.CARD_RETURN, cards.facts_of(opened))


def _said(work: Work, text: str | None) -> dict[str, object]:
    answer = _read("text", text or "")
    return {
        "answer": answer,
        "answerer_id": work.actor.account_id,
        "answerer_name": work.actor.name,
        "answered_at": work.now,
    }


def _read(path: str, text: str) -> str:
    fields = Fields()
    words = fields.text(path, text, TEXT_LENGTH, least=LEAST_TEXT)
    fields.check()
    return words

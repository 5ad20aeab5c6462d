"""What is asked about a card, what was answered, and where answers are awaited."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from workflow.errors import Denied, not_seen
from workflow.lifecycle import question as lifecycle
from workflow.lifecycle.question import State, Trigger
from workflow.models.database import db
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.questions import CardQuestion
from workflow.models.scorecards import Scorecard
from workflow.policy import (
    ASKABLE,
    Action,
    Actor,
    CardFacts,
    Party,
    QuestionFacts,
    decide_ask,
    decide_question_see,
    unit_scope,
)
from workflow.services.people.look_up_organisation import within
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard

MOST_AWAITED = 20
"""Cards with questions that the workbench lists one by one."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as its reader sees it; `allowed` are the moves that they can make."""

    id: int
    card_id: int
    item: str | None
    item_title: str | None
    state: str
    text: str
    asker_name: str
    asker_role: str | None
    asked_at: datetime
    answer: str | None
    answerer_name: str | None
    answered_at: datetime | None
    version: int
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A card with so many questions that await an answer."""

    card_id: int
    period: str
    plan_title: str
    unit: str
    subject_name: str
    count: int


@dataclass(frozen=True, slots=True)
class QuestionsOfCard:
    """The questions about one card, oldest first, and whether the reader may ask another."""

    rows: tuple[QuestionRow, ...]
    may_ask: bool


def about_card(actor: Actor, opened: OpenCard) -> QuestionsOfCard:
    """Tell the questions about a card that the actor may read, in two queries."""
    query = select(CardQuestion).where(CardQuestion.scorecard_id == opened.card.id).order_by(CardQuestion.id)
    facts = cards.facts_with_history(opened, actor)
    may_ask = opened.card.state in ASKABLE and decide_ask(actor, facts) is None
    return QuestionsOfCard(tuple(_told(actor, opened, facts, db.session.scalars(query))), may_ask)


def find_question(actor: Actor, question_id: int) -> QuestionRow:
    """Read one question; raises Refusal (not seen)."""
    question = question_of(question_id)
    opened = cards.open_many([question.scorecard_id])[question.scorecard_id]
    row = next(_told(actor, opened, cards.facts_with_history(opened, actor), [question]), None)
    if row is None:
        raise not_seen()
    return row


def forbidden(actor: Actor, question_id: int, trigger: str) -> Denied | None:
    """Say why the actor may not make this move of a question at all; raises Refusal (not seen)."""
    return lifecycle.forbidden(trigger, facts_of(actor, question_of(question_id)), actor)


def awaited(actor: Actor) -> list[Awaited]:
    """Tell the cards with questions that the actor can answer, oldest question first, in one query."""
    answers = within(unit_scope(actor, Action.QUESTIONS_ANSWER))
    query = (
        select(
            Scorecard.id, Scorecard.period, Plan.title, Unit.code, Scorecard.subject_name, func.count(CardQuestion.id)
        )
        .join(Scorecard, Scorecard.id == CardQuestion.scorecard_id)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .join(Unit, Unit.id == CardQuestion.unit_id)
        .where(CardQuestion.state == State.ASKED, CardQuestion.asker_id != actor.account_id, answers)
        .where(func.coalesce(Scorecard.appraised_person_id, 0) != (actor.person_id or -1))
        .group_by(Scorecard.id, Scorecard.period, Plan.title, Unit.code, Scorecard.subject_name)
        .order_by(func.min(CardQuestion.id))
        .limit(MOST_AWAITED)
    )
    return [Awaited(*row) for row in db.session.execute(query)]


def question_of(question_id: int, *, lock: bool = False) -> CardQuestion:
    """Find a question, whoever asks; raises Refusal (not seen)."""
    query = select(CardQuestion).where(CardQuestion.id == question_id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise not_seen()
    return found


def facts_of(actor: Actor, question: CardQuestion) -> QuestionFacts:
    """Give the facts of one question for this actor."""
    opened = cards.open_many([question.scorecard_id])[question.scorecard_id]
    return _facts(question, cards.facts_with_history(opened, actor))


def _facts(question: CardQuestion, card: CardFacts) -> QuestionFacts:
    asker = Party(question.asker_id, question.asker_person_id, question.asker_name)
    return QuestionFacts(question.state, question.version, asker, card)


def _told(actor: Actor, opened: OpenCard, card: CardFacts, questions: Iterable[CardQuestion]) -> Iterator[QuestionRow]:
    for each in questions:
        facts = _facts(each, card)
        if decide_question_see(actor, facts) is None:
            yield QuestionRow(
                id=each.id,
                card_id=each.scorecard_id,
                item=each.item,
                item_title=opened.scorer.scheme.items[each.item].title if each.item else None,
                state=each.state,
                text=each.text,
                asker_name=each.asker_name,
                asker_role=each.asker_role,
                asked_at=each.asked_at,
                answer=each.answer,
                answerer_name=each.answerer_name,
                answered_at=each.answered_at,
                version=each.version,
                allowed=tuple(move for move in Trigger if lifecycle.explain(move, facts, actor) is None),
            )

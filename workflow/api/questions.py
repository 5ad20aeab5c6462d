"""Questions of signers about cards that wait for them, and their answers."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import Choice, Instant, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_ask, may_move_question
from workflow.api.reading import seen_version
from workflow.lifecycle.question import LEAST_TEXT, State
from workflow.models.questions import TEXT_LENGTH
from workflow.policy import Action
from workflow.services.scorecards import ask_question, cards, look_up_questions
from workflow.services.scorecards.look_up_questions import QuestionRow

resource = Resource("questions", "询问 / Questions of signers")


class NewQuestionSchema(Schema):
    """A question about one item or, without it, about the whole card."""

    item = Text(allow_none=True, load_default=None)
    text = Text(TEXT_LENGTH, required=True, least=LEAST_TEXT)


class QuestionMoveSchema(Schema):
    """A move; the text is the answer."""

    trigger = Text(required=True)
    text = Text(TEXT_LENGTH, allow_none=True, load_default=None)


class QuestionSchema(Schema):
    """A question with its answer, and the moves that the caller can make."""

    id = Shown()
    card = Shown(attribute="card_id")
    item = Shown(allow_none=True)
    item_title = Shown(allow_none=True)
    state = Choice(tuple(State))
    text = Shown()
    asker_name = Shown()
    asker_role = Shown(allow_none=True)
    asked_at = Instant()
    answer = Shown(allow_none=True)
    answerer_name = Shown(allow_none=True)
    answered_at = Instant(allow_none=True)
    version = fields.Integer()
    allowed = fields.List(Shown())


_question = QuestionSchema()


@resource.writes(
    "POST",
    "/scorecards/<card_id>/questions",
    Action.CARD_RETURN,
    QuestionSchema,
    takes=NewQuestionSchema,
    status=201,
    guard=may_ask,
)
def ask(entered: dict[str, Any], card_id: str) -> Response:
    """Ask those who filled the card in; the card stays where it is."""
    number = cards.card_id_of(card_id)
    return write(
        lambda kept: ask_question.ask(web.actor(), web.clock(), number, **entered, kept=kept),
        lambda made: _show(made.id),
        201,
    )


@resource.reads("/scorecards/<card_id>/questions", Action.QUESTIONS_SEE, QuestionSchema(many=True))
def list_questions(card_id: str) -> Response:
    """List the questions about a card that the caller may read, oldest first."""
    opened = cards.open_card(web.actor(), Action.CARD_SEE, cards.card_id_of(card_id))
    rows = look_up_questions.about_card(web.actor(), opened).rows
    return reply_list(_question.dump(rows, many=True), None, len(rows))


@resource.reads("/questions/<question_id>", Action.QUESTIONS_SEE, QuestionSchema)
def one_question(question_id: str) -> Response:
    """Read one question."""
    return reply(_show(cards.card_id_of(question_id)))


@resource.writes(
    "POST",
    "/questions/<question_id>/transitions",
    Action.QUESTIONS_ANSWER,
    QuestionSchema,
    takes=QuestionMoveSchema,
    versioned=True,
    guard=may_move_question,
)
def move_question(entered: dict[str, Any], question_id: str) -> Response:
    """Answer a question, or take one's own back."""
    number = cards.card_id_of(question_id)
    return write(
        lambda kept: ask_question.move(
            web.actor(), web.clock(), number, **entered, seen_version=seen_version(), kept=kept
        ),
        lambda moved: _show(moved.id),
    )


def _show(question_id: int) -> Any:
    found: QuestionRow = look_up_questions.find_question(web.actor(), question_id)
    return _question.dump(found)

"""Moving cards: one, or many at once with the proof checked once."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api import card_views, problems
from workflow.api.answering import keep_by_card, reply, write
from workflow.api.card_schemas import CardSchema, CardSummarySchema
from workflow.api.declaring import Access, Keeping
from workflow.api.fields import REASON_LENGTH, Part, Schema, Several, Shown, Text, Whole
from workflow.api.frame import Resource
from workflow.api.guards import may_move_card
from workflow.api.items import card_number
from workflow.api.problem_schema import ProblemSchema
from workflow.api.reading import seen_version
from workflow.errors import Refusal
from workflow.models.scorecards import Scorecard
from workflow.policy import Action
from workflow.services.accounts import identify
from workflow.services.accounts.identify import Proof
from workflow.services.scorecards import cards, look_up_cards, sign
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.kept_batches import Answered
from workflow.services.scorecards.sign import CardVersion

LONGEST_SECRET = 1024

resource = Resource("transitions", "流转 / Moves of scorecards")


class MoveSchema(Schema):
    """A move: why, for a return how far back, and for a signature the password again or a one-time code."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True)
    to = Text(allow_none=True)
    password = Text(LONGEST_SECRET, allow_none=True)
    otp = Text(LONGEST_SECRET, allow_none=True)


class SeenCardSchema(Schema):
    """A card as it was seen."""

    id = Text(required=True)
    version = Whole(load_default=None, allow_none=True)


class MovesSchema(MoveSchema):
    """The same move for up to 500 cards."""

    cards = Several(Part(SeenCardSchema), least=1, most=sign.MOST_MOVES, required=True)


class MoveResultSchema(Schema):
    """What became of one card."""

    id = Shown()
    ok = fields.Boolean()
    card = Part(CardSummarySchema)
    problem = Part(ProblemSchema)


class MoveResultsSchema(Schema):
    """The results in the order asked."""

    results = fields.List(Part(MoveResultSchema))


@resource.writes(
    "POST",
    "/scorecards/<card_id>/transitions",
    Action.CARD_SEE,
    CardSchema,
    takes=MoveSchema,
    versioned=True,
    guard=may_move_card,
)
def move_card(entered: dict[str, Any], card_id: str) -> Response:
    """Move one card; `revise` answers with the new card."""
    number, asked = cards.card_id_of(card_id), read_move(entered)
    return write(
        lambda kept: sign.move(web.actor(), web.clock(), number, asked, seen_version=seen_version(), kept=kept),
        lambda card: card_views.read_card(web.actor(), card.id),
    )


@resource.writes("POST", "/transitions", Access.SIGNED_IN, MoveResultsSchema, takes=MovesSchema, keeps=Keeping.BY_CARD)
def move_many(entered: dict[str, Any]) -> Response:
    """Move many cards; each stands alone."""
    asked = read_move(entered)
    rows = [CardVersion(card_number(row["id"]), row["version"]) for row in entered["cards"]]
    ids = {row.card_id: each["id"] for row, each in zip(rows, entered["cards"], strict=True)}
    wanted = {row.card_id: [row.seen_version, asked.trigger, asked.reason, asked.to] for row in rows}
    kept = keep_by_card(
        wanted,
        lambda moved: dict(zip(moved, _show_results([ids[each] for each in moved], list(moved.values())), strict=True)),
    )
    answers = sign.move_many(web.actor(), web.clock(), rows, asked, kept)
    return reply({"results": _show_results([each["id"] for each in entered["cards"]], answers)})


def read_move(entered: dict[str, Any]) -> Asked:
    """Read what is asked, with the password or the code checked: once, whatever the number of cards."""
    proof = prove(entered.get("password"), entered.get("otp"))
    return Asked(entered["trigger"], proof, entered.get("reason"), entered.get("to"))


def prove(password: str | None, otp: str | None) -> Proof:
    """Check what was given; where a code was, it is the code that counts."""
    if otp is not None:
        return identify.prove_by_code(web.identity(), otp, web.clock(), web.settings())
    return identify.prove(web.identity(), password, web.clock(), web.settings().sign_proof_minutes)


def _show_results(ids: Sequence[str], answers: Sequence[Scorecard | Refusal | Answered]) -> list[Any]:
    """Show the answers in their order, reading the cards that were moved in one query."""
    moved = [answer for answer in answers if isinstance(answer, Scorecard)]
    rows = iter(card_views.show_rows(look_up_cards.summaries_of(web.actor(), moved)))
    return [_show_result(card_id, answer, rows) for card_id, answer in zip(ids, answers, strict=True)]


def _show_result(card_id: str, answer: Scorecard | Refusal | Answered, rows: Iterator[Any]) -> Any:
    if isinstance(answer, Answered):
        return answer.answer
    if isinstance(answer, Refusal):
        return {"id": card_id, "ok": False, "problem": problems.problem(answer, web.language())}
    return {"id": card_id, "ok": True, "card": next(rows)}

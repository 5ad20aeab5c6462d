"""Filling cards in: one item, its adjustments, and many items of many cards at once."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import fields

from workflow import web
from workflow.api import card_views, problems
from workflow.api.answering import keep_by_card, reply, write
from workflow.api.card_schemas import CardSchema, MissingSchema
from workflow.api.declaring import Access, Keeping
from workflow.api.fields import REASON_LENGTH, Day, Entered, Number, Part, Points, Schema, Several, Shown, Text, Whole
from workflow.api.frame import Resource
from workflow.api.guards import may_edit_item
from workflow.api.problem_schema import ProblemSchema
from workflow.api.reading import seen_version, wants_minimal
from workflow.errors import Refusal
from workflow.policy import Action
from workflow.services.recorders import entries
from workflow.services.scorecards import appraise, cards
from workflow.services.scorecards.appraise import CardEdit, Edited, ItemEdit
from workflow.services.scorecards.kept_batches import Answered

MOST_EVIDENCE = 50
EVIDENCE_LENGTH = 200

resource = Resource("items", "评分项目 / Items of scorecards")


class ItemInputSchema(Schema):
    """What is put in for an item; the form of `input` follows from the item's rule."""

    input = Entered(required=True)
    note = Text(entries.TEXT_LENGTH)


class AdjustmentSchema(Schema):
    """An addition or deduction: points or a count, with a reason or one of the rule's causes."""

    on = Day(required=True)
    reason = Text(REASON_LENGTH)
    cause = Text()
    points = Number()
    count = Number()
    evidence = Several(Text(EVIDENCE_LENGTH), most=MOST_EVIDENCE)


class VoidSchema(Schema):
    """Why an adjustment is taken back."""

    reason = Text(REASON_LENGTH, required=True)


class EditSchema(Schema):
    """One item of one card, with the version of the card that was seen."""

    card = Text(required=True)
    version = Whole(load_default=None, allow_none=True)
    item = Text(required=True)
    input = Entered(required=True)


class EditsSchema(Schema):
    """Up to 5,000 edits; each card stands alone and its version is checked once."""

    edits = Several(Part(EditSchema), least=1, most=appraise.MOST_EDITS, required=True)


class EditResultSchema(Schema):
    """What became of one edit: the item and its card, or the problem."""

    card = Shown()
    item = Shown()
    ok = fields.Boolean()
    version = fields.Integer()
    points = Points(allow_none=True)
    total = Points(allow_none=True)
    provisional_total = Points(allow_none=True)
    complete = fields.Boolean()
    missing = fields.List(Part(MissingSchema))
    problem = Part(ProblemSchema)


class EditResultsSchema(Schema):
    """The results in the order of the edits."""

    results = fields.List(Part(EditResultSchema))


_result = EditResultSchema()


@resource.writes(
    "PATCH",
    "/scorecards/<card_id>/items/<code>",
    Action.CARD_EDIT,
    CardSchema,
    takes=ItemInputSchema,
    versioned=True,
    guard=may_edit_item,
)
def put_item(entered: dict[str, Any], card_id: str, code: str) -> Response:
    """Put in one item; the card is recomputed. `Prefer: return=minimal` gives only version, item and totals."""
    number = cards.card_id_of(card_id)
    edit = ItemEdit(code, entered["input"], entered.get("note"))
    response = write(
        lambda kept: appraise.edit_item(web.actor(), web.clock(), number, edit, seen_version=seen_version(), kept=kept),
        _show,
    )
    if wants_minimal():
        response.headers["Preference-Applied"] = "return=minimal"
    return response


@resource.writes(
    "POST",
    "/scorecards/<card_id>/items/<code>/adjustments",
    Action.CARD_EDIT,
    CardSchema,
    takes=AdjustmentSchema,
    status=201,
    versioned=True,
    guard=may_edit_item,
)
def add_adjustment(entered: dict[str, Any], card_id: str, code: str) -> Response:
    """Enter an addition or deduction with its date and reason."""
    number = cards.card_id_of(card_id)
    entry = {**entered, "on": entered["on"].isoformat()}
    return write(
        lambda kept: appraise.add_adjustment(
            web.actor(), web.clock(), number, code, entry, seen_version=seen_version(), kept=kept
        ),
        _show,
        201,
    )


@resource.writes(
    "POST",
    "/scorecards/<card_id>/items/<code>/adjustments/<n>/void",
    Action.CARD_EDIT,
    CardSchema,
    takes=VoidSchema,
    versioned=True,
    guard=may_edit_item,
)
def void_adjustment(entered: dict[str, Any], card_id: str, code: str, n: str) -> Response:
    """Take an adjustment back with a reason; it stays on the card, struck out."""
    number, entry = cards.card_id_of(card_id), cards.card_id_of(n)
    return write(
        lambda kept: appraise.void_adjustment(
            web.actor(), web.clock(), number, code, entry, entered["reason"], seen_version=seen_version(), kept=kept
        ),
        _show,
    )


@resource.writes("POST", "/edits", Access.SIGNED_IN, EditResultsSchema, takes=EditsSchema, keeps=Keeping.BY_CARD)
def edit_many(entered: dict[str, Any]) -> Response:
    """Put in many items of many cards; a card that is refused changes nothing of the others."""
    rows = entered["edits"]
    by_card: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_card.setdefault(card_number(row["card"]), []).append(row)
    edits = [CardEdit(card_number(row["card"]), row["version"], ItemEdit(row["item"], row["input"])) for row in rows]
    kept = keep_by_card(by_card, lambda acted: {each: _show_results(by_card[each], acted[each]) for each in acted})
    return reply(_show_results(rows, appraise.edit_many(web.actor(), web.clock(), edits, kept)))


def card_number(text: str) -> int:
    """Give the id of a card in a batch; what can't be one is the id of no card, so that the others are not kept waiting."""
    try:
        return cards.card_id_of(text)
    except Refusal:
        return 0


def _show(edited: Edited) -> Any:
    actor = web.actor()
    if request.method == "PATCH" and wants_minimal():
        return card_views.show_edited(edited, actor.language)
    return card_views.read_card(actor, edited.card.id)


def _show_results(rows: list[dict[str, Any]], answers: Sequence[Edited | Refusal | Answered]) -> dict[str, Any]:
    return {"results": [_show_result(row, answer) for row, answer in zip(rows, answers, strict=True)]}


def _show_result(row: dict[str, Any], answer: Edited | Refusal | Answered) -> Any:
    if isinstance(answer, Answered):
        return answer.answer
    language = web.language()
    place = {"card": row["card"], "item": row["item"]}
    if isinstance(answer, Refusal):
        return {**place, "ok": False, "problem": problems.problem(answer, language)}
    totals = card_views.show_totals(answer, language)
    del totals["grade"]
    return _result.dump({**place, "ok": True, "version": answer.card.version, "points": answer.points, **totals})

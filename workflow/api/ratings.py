"""Ratings: what one is asked to say of others, and says; who is asked about whom in a plan, and how far it is."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api import problems
from workflow.api.answering import reply, reply_list, write
from workflow.api.declaring import Access
from workflow.api.fields import (
    REASON_LENGTH,
    Choice,
    Entered,
    Instant,
    Part,
    Points,
    Schema,
    Several,
    Shown,
    Text,
    Whole,
)
from workflow.api.frame import Resource
from workflow.api.guards import may_manage_raters, may_move_rating
from workflow.api.items import card_number
from workflow.api.paging import PageQuery
from workflow.api.problem_schema import ProblemSchema
from workflow.api.reading import refuse_invalid, seen_version
from workflow.errors import FieldError, Refusal
from workflow.lifecycle.rating import State
from workflow.models.ratings import Rating
from workflow.policy import Action
from workflow.scoring.parts import IS_REQUIRED
from workflow.services.paging import PageAsked
from workflow.services.raters import look_up_my_ratings, look_up_ratings, manage_raters, rate
from workflow.services.raters.ask_raters import MOST_PEERS
from workflow.services.raters.manage_raters import MOST_ASKED, ByHand
from workflow.services.raters.rate import Given
from workflow.services.recorders.entries import TEXT_LENGTH
from workflow.services.scorecards.cards import card_id_of as number_of

MOST_GIVEN = 500
BY_HAND = ("subject", "rater", "group")

resource = Resource("ratings", "评价 / Ratings")


class RatingsQuery(PageQuery):
    """What the list is narrowed to."""

    plan = Text()
    state = Choice((State.OPEN, State.GIVEN))


class AskedItemSchema(Schema):
    """One item to give a value for: one of its levels, or a number from `least` to `most`."""

    code = Shown()
    title = Shown()
    levels = fields.List(Shown())
    least = Points(allow_none=True)
    most = Points(allow_none=True)


class RatingSchema(Schema):
    """What the caller is asked to say of a subject, and has said; `open` while it may be given or changed."""

    id = Shown()
    version = fields.Integer()
    state = Choice(State)
    open = fields.Boolean()
    plan = Shown()
    period = Shown()
    scheme = Shown()
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    group = Shown()
    due_on = fields.Date(allow_none=True)
    items = fields.List(Part(AskedItemSchema))
    given = fields.Dict(keys=Shown(), values=Shown())
    comment = Shown()
    given_at = Instant(allow_none=True)


class GivenSchema(Schema):
    """What is given of one subject, with the version of the rating that was seen: a level or a value for each item."""

    id = Text(required=True)
    version = Whole(load_default=None, allow_none=True)
    given = Entered(required=True)
    comment = Text(TEXT_LENGTH, load_default="")


class GivesSchema(Schema):
    """Up to 500 ratings, of which each stands alone."""

    ratings = Several(Part(GivenSchema), least=1, most=MOST_GIVEN, required=True)


class GivenResultSchema(Schema):
    """What became of one rating: its new version, or the problem."""

    id = Shown()
    ok = fields.Boolean()
    version = fields.Integer()
    problem = Part(ProblemSchema)


class GivenResultsSchema(Schema):
    """The results in the order of the ratings."""

    results = fields.List(Part(GivenResultSchema))


class RaterSchema(Schema):
    """Who is asked about whom; what they gave is told to nobody."""

    id = Shown()
    version = fields.Integer()
    state = Choice(State)
    subject = Shown()
    subject_name = Shown()
    scheme = Shown()
    group = Shown()
    rater = Shown()
    rater_name = Shown()
    way = Shown()
    due_on = fields.Date(allow_none=True)
    revoke_reason = Shown(allow_none=True)


class RaterDetailSchema(RaterSchema):
    """Who is asked about whom, with the moves that the caller can make."""

    allowed = fields.List(Shown())


class RaterProgressSchema(Schema):
    """How many ratings one rater is asked for, has given, and can still give."""

    rater = Shown()
    rater_name = Shown()
    asked = fields.Integer()
    given = fields.Integer()
    open = fields.Integer()
    due_on = fields.Date(allow_none=True)


class AskRatersSchema(Schema):
    """Whom to ask: by rule, at most so many peers for each; or by hand one `rater` about one `subject` in a `group`."""

    most_peers = Whole(1, MOST_ASKED)
    subject = Text()
    rater = Text()
    group = Text()
    scheme = Text()


class RatersCountSchema(Schema):
    """How many ratings it concerned."""

    count = fields.Integer()


class RevocationsSchema(Schema):
    """Why nobody is asked any longer."""

    reason = Text(REASON_LENGTH, required=True)


class RatingMoveSchema(Schema):
    """A move of a rating: to ask no longer needs a reason, and may name by staff number who is asked `instead`."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)
    instead = Text(allow_none=True, load_default=None)


_rating, _rater, _progress = RatingSchema(), RaterSchema(), RaterProgressSchema()


@resource.reads("/ratings", Access.SIGNED_IN, RatingSchema(many=True), query=RatingsQuery)
def my_ratings(query: dict[str, Any]) -> Response:
    """List what the caller is asked to rate, with what they gave; nobody else's."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_my_ratings.my_ratings(web.actor(), asked, **query)
    return reply_list(_rating.dump(found.rows, many=True), found.after, found.total)


@resource.writes("POST", "/ratings", Access.SIGNED_IN, GivenResultsSchema, takes=GivesSchema)
def give_ratings(entered: dict[str, Any]) -> Response:
    """Give ratings, or change them while the card is a draft; one that is refused changes nothing of the others."""
    rows = entered["ratings"]
    given = [Given(card_number(row["id"]), row["version"], row["given"] or {}, row["comment"]) for row in rows]
    return write(
        lambda kept: rate.rate(web.actor(), web.clock(), given, kept),
        lambda answers: {"results": [_result(row["id"], each) for row, each in zip(rows, answers, strict=True)]},
    )


@resource.writes(
    "POST",
    "/ratings/<rating_id>/transitions",
    Action.RATERS_MANAGE,
    RaterDetailSchema,
    takes=RatingMoveSchema,
    versioned=True,
    guard=may_move_rating,
)
def move_rating(entered: dict[str, Any], rating_id: str) -> Response:
    """Ask somebody no longer, or again."""
    number, seen = number_of(rating_id), seen_version()
    return write(
        lambda kept: manage_raters.move(web.actor(), web.clock(), number, **entered, seen_version=seen, kept=kept),
        lambda moved: _show(moved.id),
    )


@resource.reads("/plans/<code>/raters", Action.RATERS_MANAGE, RaterSchema(many=True), query=PageQuery)
def raters_of_plan(query: dict[str, Any], code: str) -> Response:
    """List who is asked about whom, but for who is asked about the caller."""
    found = look_up_ratings.raters_of(web.actor(), code, PageAsked(query["per_page"], query["after"]))
    return reply_list(_rater.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/plans/<code>/raters",
    Action.RATERS_MANAGE,
    RatersCountSchema,
    takes=AskRatersSchema,
    status=201,
    guard=may_manage_raters,
)
def ask_raters(entered: dict[str, Any], code: str) -> Response:
    """Ask whom the rules find and who is not asked yet, or one person by hand."""
    wanted = _wanted(entered)
    return write(
        lambda kept: manage_raters.ask(web.actor(), web.clock(), code, wanted, kept),
        _count,
        201,
    )


@resource.reads("/plans/<code>/raters/progress", Action.RATERS_MANAGE, RaterProgressSchema(many=True))
def progress_of_plan(code: str) -> Response:
    """Count by rater what is asked and what is still open."""
    return reply(_progress.dump(look_up_ratings.progress_of(web.actor(), code), many=True))


@resource.writes(
    "POST",
    "/plans/<code>/raters/revocations",
    Action.RATERS_MANAGE,
    RatersCountSchema,
    takes=RevocationsSchema,
    guard=may_manage_raters,
)
def revoke_open(entered: dict[str, Any], code: str) -> Response:
    """Ask nobody any longer who has not rated yet: the cards go on with what was given."""
    return write(
        lambda kept: manage_raters.revoke_open(web.actor(), web.clock(), code, entered["reason"], kept), _count
    )


def _wanted(entered: dict[str, Any]) -> ByHand | int:
    """Read whether to ask by rule or by hand; raises Refusal naming what is missing of one asked by hand."""
    told = {name: entered[name] for name in (*BY_HAND, "scheme") if name in entered}
    if not told:
        return int(entered.get("most_peers", MOST_PEERS))
    missing = [FieldError(name, IS_REQUIRED) for name in BY_HAND if not told.get(name)]
    if missing:
        refuse_invalid(*missing)
    return ByHand(**told)


def _count(rows: Sequence[Rating]) -> dict[str, int]:
    return {"count": len(rows)}


def _result(rating_id: str, answer: Rating | Refusal) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        return {"id": rating_id, "ok": False, "problem": problems.problem(answer, web.language())}
    return {"id": rating_id, "ok": True, "version": answer.version}


def _show(rating_id: int) -> Any:
    row, facts = look_up_ratings.find_rater(web.actor(), rating_id)
    return {**_rater.dump(row), "allowed": list(look_up_ratings.allowed(web.actor(), facts))}

"""The ledger: additions and deductions as they happen, read, questioned, answered and voided."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply, reply_list, write
from workflow.api.fields import (
    REASON_LENGTH,
    Choice,
    FlagInAddress,
    Instant,
    Part,
    PeriodLabel,
    Points,
    Schema,
    Shown,
    Text,
)
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere, may_move_entry
from workflow.api.items import AdjustmentSchema
from workflow.api.paging import PageQuery
from workflow.api.reading import seen_version
from workflow.api.today import today
from workflow.lifecycle.ledger_entry import State
from workflow.policy import Action
from workflow.services.paging import PageAsked
from workflow.services.recorders import ledger, look_up_ledger
from workflow.services.recorders.ledger import NewEntry
from workflow.services.recorders.look_up_ledger import LedgerWanted
from workflow.services.scorecards.cards import card_id_of as number_of

resource = Resource("ledger", "加减分台账 / Ledger")


class LedgerQuery(PageQuery):
    """What the list is narrowed to; with `mine` to the entries about the caller."""

    period = PeriodLabel()
    item = Text()
    subject = Text()
    unit = Text()
    state = Choice(State)
    recorder = Text()
    mine = FlagInAddress()


class NewLedgerEntrySchema(AdjustmentSchema):
    """An addition or deduction of a subject; `scheme` where the subject's cards leave it open."""

    subject = Text(required=True)
    item = Text(required=True)
    scheme = Text()


class LedgerMoveSchema(Schema):
    """A move of an entry; the reason is the question, the answer, or why it is voided."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)


class NamedFileSchema(Schema):
    """A file that an entry names."""

    hash = Shown()
    name = Shown()
    media_type = Shown()
    size = fields.Integer()


class LedgerEntrySchema(Schema):
    """An entry; `worth` is what it adds or takes before the item's caps, `counted` whether a card counts it."""

    id = Shown()
    version = fields.Integer()
    state = Choice(State)
    period = Shown()
    scheme = Shown()
    item = Shown()
    item_title = Shown()
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    on = fields.Date()
    cause = Shown(allow_none=True)
    reason = Shown()
    count = fields.Integer(allow_none=True)
    points = Points(allow_none=True)
    worth = Points()
    evidence = fields.List(Shown())
    files = fields.List(Part(NamedFileSchema))
    recorded_by = Shown()
    recorded_at = Instant()
    counted = fields.Boolean()
    acknowledged_at = Instant(allow_none=True)
    question = Shown(allow_none=True)
    questioned_at = Instant(allow_none=True)
    answer = Shown(allow_none=True)
    answered_by = Shown(allow_none=True)
    answered_at = Instant(allow_none=True)
    void_reason = Shown(allow_none=True)
    voided_by = Shown(allow_none=True)
    voided_at = Instant(allow_none=True)


class LedgerEntryDetailSchema(LedgerEntrySchema):
    """An entry with the moves that the caller can make."""

    allowed = fields.List(Shown())


_entry = LedgerEntrySchema()


@resource.reads("/ledger", Action.LEDGER_SEE, LedgerEntrySchema(many=True), query=LedgerQuery)
def list_entries(query: dict[str, Any]) -> Response:
    """List the entries that the caller may see, about themselves and of their work, the newest day first."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    wanted = LedgerWanted(**query)
    found = look_up_ledger.list_entries(web.actor(), wanted, asked, at_once=web.ledger_at_once())
    return reply_list(_entry.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/ledger",
    Action.LEDGER_RECORD,
    LedgerEntryDetailSchema,
    takes=NewLedgerEntrySchema,
    status=201,
    guard=may_anywhere(Action.LEDGER_RECORD),
)
def record_entry(entered: dict[str, Any]) -> Response:
    """Record an entry; a draft of its period counts it at once, else the card that the plan will open."""
    about = {name: entered.pop(name, None) for name in ("subject", "item", "scheme")}
    new = NewEntry(told={**entered, "on": entered["on"].isoformat()}, **about)
    return write(
        lambda kept: ledger.record(web.actor(), web.clock(), new, today=today(), kept=kept),
        lambda made: _show(made.id),
        201,
    )


@resource.reads("/ledger/<entry_id>", Action.LEDGER_SEE, LedgerEntryDetailSchema)
def one_entry(entry_id: str) -> Response:
    """Read one entry."""
    return reply(_show(number_of(entry_id)))


@resource.writes(
    "POST",
    "/ledger/<entry_id>/transitions",
    Action.LEDGER_SEE,
    LedgerEntryDetailSchema,
    takes=LedgerMoveSchema,
    versioned=True,
    guard=may_move_entry,
)
def move_entry(entered: dict[str, Any], entry_id: str) -> Response:
    """Mark an entry read or question it, as whom it concerns; answer or void it, as who is responsible."""
    number = number_of(entry_id)
    asked = {"at_once": web.ledger_at_once(), "seen_version": seen_version(), **entered}
    return write(
        lambda kept: ledger.move(web.actor(), web.clock(), number, kept=kept, **asked),
        lambda moved: _show(moved.id),
    )


def _show(entry_id: int) -> Any:
    found = look_up_ledger.find_entry(web.actor(), entry_id, at_once=web.ledger_at_once())
    return {**_entry.dump(found.entry), "allowed": list(found.allowed)}

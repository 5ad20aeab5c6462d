"""The written record: of one card, and as a search within the caller's reach."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply_list
from workflow.api.fields import Instant, Moment, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.paging import PageQuery
from workflow.policy import Action
from workflow.services.paging import PageAsked
from workflow.services.record import look_up_records
from workflow.services.record.look_up_records import RecordsWanted
from workflow.services.record.told_records import RecordRow
from workflow.services.scorecards.cards import card_id_of

resource = Resource("records", "记录 / Records")


class RecordsQuery(PageQuery):
    """What the search is narrowed to: `entity` is a kind or `kind:id`, `actor` a user name."""

    entity = Text(load_default="")
    actor = Text(load_default="")
    since = Moment(data_key="from", load_default=None)
    until = Moment(data_key="to", load_default=None)


class RecordSchema(Schema):
    """Who, as what, for whom, did what to which entity, and why; `index` is null until it stands in the log.

    `erased` names the order by which what it said was erased: its number, when, and by what paper.
    """

    id = Shown()
    index = fields.Integer(allow_none=True)
    time = Instant()
    event = Shown()
    entity = Shown()
    version = fields.Integer(allow_none=True)
    actor = Shown(allow_none=True)
    role = Shown(allow_none=True)
    on_behalf_of = Shown(allow_none=True)
    reason = Shown()
    changes = fields.List(
        fields.Nested(Schema.from_dict({"field": Shown(), "from": fields.Raw(), "to": fields.Raw()}, name="Change"))
    )
    erased = fields.Nested(
        Schema.from_dict({"order": fields.Integer(), "at": Instant(), "by": Shown()}, name="ErasedBy"), allow_none=True
    )
    request_id = Shown()
    state = Shown(allow_none=True)


_record = RecordSchema()


@resource.reads("/scorecards/<card_id>/records", Action.CARD_RECORD, RecordSchema(many=True), query=PageQuery)
def records_of_card(query: dict[str, Any], card_id: str) -> Response:
    """Read the record of one scorecard, oldest first."""
    found = look_up_records.records_of_card(web.actor(), card_id_of(card_id), PageAsked(**query))
    return reply_list(_show(found.rows), found.after, found.total)


@resource.reads("/records", Action.RECORDS_SEE, RecordSchema(many=True), query=RecordsQuery)
def search_records(query: dict[str, Any]) -> Response:
    """Search the record, oldest first."""
    asked = PageAsked(query["per_page"], query["after"])
    wanted = RecordsWanted(query["entity"], query["actor"], since=_begin(query["since"]), until=_end(query["until"]))
    found = look_up_records.search_records(web.actor(), wanted, asked)
    return reply_list(_show(found.rows), found.after, found.total)


def _begin(moment: date | None) -> datetime | None:
    """Give an instant as it is, a day by the moment at which it begins where the company is."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time.min, tzinfo=web.settings().timezone)


def _end(moment: date | None) -> datetime | None:
    """Give an instant as it is, a day by the moment at which it is over."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return _begin(moment + timedelta(days=1))


def _show(rows: Iterable[RecordRow]) -> Any:
    return [
        _record.dump(
            {
                "id": row.id,
                "index": row.index,
                "time": row.at,
                "event": row.event,
                "entity": f"{row.entity_kind}:{row.entity_id}",
                "version": row.version,
                "actor": row.username,
                "role": row.role,
                "on_behalf_of": row.on_behalf_of,
                "reason": row.reason,
                "changes": [{"field": each.field, "from": each.before, "to": each.after} for each in row.changes],
                "erased": row.erased and {"order": row.erased.number, "at": row.erased.at, "by": row.erased.order},
                "request_id": row.request_id,
                "state": row.state,
            }
        )
        for row in rows
    ]

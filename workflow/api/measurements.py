"""Measurements: indicator values from other systems, which feed items and baselines."""

from typing import Any

from flask import Response
from marshmallow import fields

from workflow import web
from workflow.api.answering import reply_list, write
from workflow.api.fields import Number, PeriodLabel, Points, Schema, Shown, Text
from workflow.api.frame import Resource
from workflow.api.guards import may_anywhere
from workflow.api.paging import PageQuery
from workflow.api.reading import refuse_invalid
from workflow.errors import FieldError
from workflow.policy import Action
from workflow.services.measurements import look_up_measurements, measure
from workflow.services.measurements.look_up_measurements import MeasurementsWanted
from workflow.services.measurements.measure import MOST_MEASUREMENTS, Measured
from workflow.services.paging import PageAsked
from workflow.wording import Phrase

SOURCE_LENGTH = 256

HOW_MANY = Phrase("须有 1 到 {most} 行", "must be 1 to {most} rows")

resource = Resource("measurements", "指标数据 / Measurements")


class MeasurementsQuery(PageQuery):
    """What the list is narrowed to."""

    item = Text()
    subject = Text()
    period = PeriodLabel()


class MeasuredSchema(Schema):
    """A value as another system tells it."""

    item = Text(required=True)
    subject = Text(required=True)
    period = Text(required=True)
    value = Number(required=True)
    source = Text(SOURCE_LENGTH, load_default="")


class MeasurementSchema(Schema):
    """A value as it counts."""

    id = Shown()
    item = Shown()
    subject = Shown(attribute="subject_code")
    period = Shown()
    value = Points()
    source = Shown()
    version = fields.Integer()


class MeasurementsSchema(Schema):
    """What was taken in, in the order of the rows."""

    results = fields.List(fields.Nested(MeasurementSchema))


_measurement = MeasurementSchema()


@resource.reads(
    "/measurements",
    Action.MEASUREMENTS_SEE,
    MeasurementSchema(many=True),
    query=MeasurementsQuery,
    guard=may_anywhere(Action.MEASUREMENTS_SEE),
)
def list_measurements(query: dict[str, Any]) -> Response:
    """List the values in the caller's scope."""
    asked = PageAsked(query.pop("per_page"), query.pop("after"))
    found = look_up_measurements.list_measurements(web.actor(), MeasurementsWanted(**query), asked)
    return reply_list(_measurement.dump(found.rows, many=True), found.after, found.total)


@resource.writes(
    "POST",
    "/measurements",
    Action.MEASUREMENTS_WRITE,
    MeasurementsSchema,
    takes=MeasuredSchema(many=True),
    status=201,
    guard=may_anywhere(Action.MEASUREMENTS_WRITE),
)
def put_measurements(entered: list[dict[str, Any]]) -> Response:
    """Take in values, all or none; drafts that they feed, or whose baseline they move, follow."""
    if not 1 <= len(entered) <= MOST_MEASUREMENTS:
        refuse_invalid(FieldError("", HOW_MANY, {"most": MOST_MEASUREMENTS}))
    rows = [Measured(**row) for row in entered]
    return write(
        lambda kept: measure.record_measurements(web.actor(), web.clock(), rows, kept),
        lambda stored: {"results": _measurement.dump(stored, many=True)},
        201,
    )

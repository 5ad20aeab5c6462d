"""The shapes of scorecards as they go out."""

from marshmallow import fields

from workflow.api.fields import Anything, Choice, Day, Instant, Part, Points, Schema, Shown
from workflow.policy import Meaning, State
from workflow.scoring.pay_gaps import PayGap
from workflow.scoring.terms import Absence, Within
from workflow.services.paying.payroll import PARTS
from workflow.services.ranking.ranked_in import Because
from workflow.services.scorecards.risks import RiskKind


class CardSummarySchema(Schema):
    """A scorecard in a list."""

    id = Shown()
    number = Shown()
    plan = Shown()
    period = Shown()
    scheme = Shown()
    scheme_version = fields.Integer()
    subject = Shown()
    subject_name = Shown()
    unit = Shown()
    unit_name = Shown()
    state = Choice(State)
    revision = fields.Integer()
    total = Points(allow_none=True)
    provisional_total = Points(allow_none=True)
    complete = fields.Boolean()
    rank = fields.Integer(allow_none=True)
    grade = Shown(allow_none=True)
    version = fields.Integer()


class MissingSchema(Schema):
    """An item without points, and why."""

    item = Shown()
    reason = Shown()
    text = Shown()


class SectionSchema(Schema):
    """A section with its points and its full marks (null where nothing bounds them)."""

    code = Shown()
    title = Shown()
    points = Points()
    full = Points(allow_none=True)


class BasisStepSchema(Schema):
    """One step from input to points."""

    step = Shown()
    values = Anything()
    text = Shown()


class ItemSchema(Schema):
    """An item with what was put in, what it gave, and why."""

    code = Shown()
    section = Shown()
    title = Shown()
    input = Anything(allow_none=True)
    points = Points(allow_none=True)
    full = Points(allow_none=True)
    weight = Points()
    basis = fields.List(Part(BasisStepSchema))
    note = Shown()


class GivenSignatureSchema(Schema):
    """A signature: what it says, by whom, when, and how they proved themselves."""

    meaning = Choice(Meaning)
    name = Shown()
    at = Instant()
    method = Shown()


class SignatureSchema(GivenSignatureSchema):
    """A signature under a card."""

    on_behalf_of = Shown(allow_none=True)
    voided = fields.Boolean()


class FlagSchema(Schema):
    """Something that whoever signs should look at first."""

    kind = Choice(RiskKind)
    item = Shown()
    detail = Shown(allow_none=True)


class StandingVetoSchema(Schema):
    """A veto that stands on a card."""

    code = Shown()
    title = Shown()
    on = Shown()
    reason = Shown()


class UnitInPeriodSchema(Schema):
    """A unit that the subject belonged to within the period, and from when to when in all."""

    unit = Shown()
    unit_name = Shown()
    starts_on = Day()
    ends_on = Day(allow_none=True)


class RankedInSchema(Schema):
    """The group that a card is ranked in, and why there: who moved within the period is ranked by the last day's unit."""

    within = Choice(Within)
    group = Shown()
    group_name = Shown()
    because = Choice(Because)
    text = Shown()
    absent = Choice(Absence, allow_none=True)
    units = fields.List(Part(UnitInPeriodSchema))


class PayGapSchema(Schema):
    """A part of the pay that has no amount, and why."""

    part = Choice(PARTS)
    reason = Choice(PayGap)
    text = Shown()


class PaySchema(Schema):
    """What a card pays, with its arithmetic: the parts that its scheme knows; null for one that is under `missing`.

    `batch` is the payroll batch that told it, null while the plan is not final and the amounts may still change.
    """

    batch = fields.Integer(allow_none=True)
    base = Points(allow_none=True)
    benefit = Points(allow_none=True)
    bonus = Points(allow_none=True)
    total = Points(allow_none=True)
    missing = fields.List(Part(PayGapSchema))
    basis = fields.List(Part(BasisStepSchema))


class CardSchema(CardSummarySchema):
    """A scorecard in full, as far as the reader may see it."""

    sections = fields.List(Part(SectionSchema))
    items = fields.List(Part(ItemSchema))
    missing = fields.List(Part(MissingSchema))
    vetoes = fields.List(Part(StandingVetoSchema))
    pay = Part(PaySchema, allow_none=True)
    signatures = fields.List(Part(SignatureSchema))
    allowed = fields.List(Shown())
    flags = fields.List(Part(FlagSchema))
    ranked_in = Part(RankedInSchema)


class EditedSchema(Schema):
    """A card after an edit, in few words: its version, the item, what it adds up to."""

    id = Shown()
    version = fields.Integer()
    item = Part(Schema.from_dict({"code": Shown(), "points": Points(allow_none=True)}, name="EditedItem"))
    total = Points(allow_none=True)
    provisional_total = Points(allow_none=True)
    complete = fields.Boolean()
    grade = Shown(allow_none=True)
    missing = fields.List(Part(MissingSchema))

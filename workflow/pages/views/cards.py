"""评分编制 and 评分表: the list of cards and one card as the form of the source documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workflow.pages.views.pay import PayPanel
from workflow.pages.views.shell import Option, OrderLine, Pager


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing a signer should look at first; `kind` is a code, the rest fills its sentence.

    Kinds: change, no_evidence, differs_from_import, objection, manual_baseline, source_changed, returned, veto.
    """

    kind: str
    item: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CardRow:
    """One scorecard in a list."""

    id: str
    number: str
    version: int
    plan: str
    plan_title: str
    period: str
    scheme_title: str
    subject: str
    subject_name: str
    unit: str
    unit_name: str
    state: str
    revision: int
    total: str | None
    provisional_total: str
    complete: bool
    missing: int
    items: int
    grade: str | None = None
    rank: int | None = None
    absence: str = ""  # why it is not ranked
    change: str | None = None  # against the period before, with its sign
    updated_at: datetime | None = None
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class CardFilters:
    """What a list of cards is narrowed to, and what it can be narrowed to."""

    plan: str = ""
    unit: str = ""
    state: str = ""
    q: str = ""
    mine: bool = False
    plans: tuple[Option, ...] = ()
    units: tuple[Option, ...] = ()

    @property
    def active(self) -> bool:
        """Whether anything is narrowed, so that an empty list can offer to show all."""
        return bool(self.plan or self.unit or self.state or self.q or self.mine)


@dataclass(frozen=True, slots=True)
class GridLink:
    """A team grid that can be opened: one unit of one plan."""

    plan: str
    plan_title: str
    period: str
    unit: str
    unit_name: str
    cards: int
    complete: int


@dataclass(frozen=True, slots=True)
class CardListPage:
    """评分编制: the cards in scope, and the team grids over them."""

    rows: tuple[CardRow, ...]
    filters: CardFilters
    pager: Pager
    grids: tuple[GridLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One rating level and its points; `needs_reason` when the scheme asks for a reason with it."""

    name: str
    points: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause that an adjustments rule lists, with the points it stands for."""

    code: str
    title: str
    points: str


@dataclass(frozen=True, slots=True)
class ItemRule:
    """How an item is filled in: what the editors need of its rule, and the rule in words."""

    kind: str  # rating, points, baseline, linear, bands, adjustments, attainment, formula
    words: str
    unit: str = ""
    levels: tuple[Level, ...] = ()
    causes: tuple[Cause, ...] = ()
    least: str | None = None
    most: str | None = None
    step: str | None = None
    each: str | None = None  # fixed points per occurrence; then entries carry a count
    optional: bool = False
    inputs: tuple[str, ...] = ()  # what a formula or a plain ratio is given by name
    source: str = ""
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class AmountCell:
    """The amounts of one side of a part as they are typed (`2000 + 800 USD`), and those taken from the portfolio."""

    key: str  # actual, base, growth
    text: str = ""
    derived: str = ""


@dataclass(frozen=True, slots=True)
class PartAmounts:
    """One part of an attainment item, with its three sides."""

    name: str
    cells: tuple[AmountCell, ...]


@dataclass(frozen=True, slots=True)
class RatedGroup:
    """What a group of raters gave together: how many, and their mean of at most `top`."""

    group: str
    count: str
    mean: str
    top: str


@dataclass(frozen=True, slots=True)
class ItemInput:
    """What was put in, by kind of rule; empty texts where nothing was."""

    level: str = ""
    value: str = ""
    points: str = ""
    reason: str = ""
    baseline: str = ""  # set by hand
    named: Mapping[str, str] = field(default_factory=dict)  # of a formula or a plain ratio
    parts: tuple[PartAmounts, ...] = ()  # of an attainment item by parts
    rated: tuple[RatedGroup, ...] = ()  # nothing where a group has too few
    too_few: bool = False  # of the raters
    not_applicable: bool = False
    nothing_happened: bool = False
    by: str = ""
    at: datetime | None = None
    origin: str = ""  # where an imported value comes from: file and row, or the system


@dataclass(frozen=True, slots=True)
class BasisStep:
    """One step from input to points, in the reader's language."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of evidence that can be fetched."""

    hash: str
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One plus or minus of the ledger; points carry their sign, `filed` is where further evidence is kept, in words."""

    number: int
    on: date
    reason: str
    points: str
    count: int | None = None
    cause: str = ""
    by: str = ""
    files: tuple[FileLink, ...] = ()
    filed: tuple[str, ...] = ()
    voided: bool = False
    void_reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, None where there was nothing; `place` is the part of the entity that it belongs to."""

    place: str
    field: str
    before: str | None
    after: str | None
    is_detail: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a card: who, when, what, why."""

    at: datetime
    event: str
    actor: str
    role: str = ""
    on_behalf_of: str = ""
    reason: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a card: its rule, input, points and the basis of them."""

    code: str
    title: str
    rule: ItemRule
    input: ItemInput
    full: str
    points: str | None
    weight: str = "1"
    basis: tuple[BasisStep, ...] = ()
    missing: str = ""  # the code of why there are no points: no_input, no_baseline, zero_baseline, not_applicable …
    missing_text: str = ""
    note: str = ""
    editable: bool = False
    adjustments: tuple[AdjustmentRow, ...] = ()
    previous_value: str | None = None
    previous_points: str | None = None
    erased: bool = False  # an order has taken what was put in and how the points came about
    history: tuple[HistoryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section of a card with its items."""

    code: str
    title: str
    points: str
    full: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step of a card's approval: done, current, waiting, returned or voided."""

    trigger: str  # create, prepare, review, approve, publish, return, withdraw, revise, void
    status: str
    name: str = ""
    role: str = ""
    on_behalf_of: str = ""
    at: datetime | None = None
    took: timedelta | None = None
    method: str = ""
    reason: str = ""
    who_can: str = ""  # for the steps to come


@dataclass(frozen=True, slots=True)
class Action:
    """One move of a card or plan: possible, or refused with the sentence that says why and who can."""

    trigger: str
    allowed: bool
    why_not: str = ""
    needs_proof: bool = False
    needs_reason: bool = False
    targets: tuple[Option, ...] = ()  # where `return` can go
    on_behalf_of: str = ""  # for whom the reader would sign, acting as a delegate


@dataclass(frozen=True, slots=True)
class CardLink:
    """A neighbouring card."""

    id: str
    period: str
    unit: str
    subject_name: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One standing signature, as printed in the footer of the form."""

    meaning: str
    name: str
    at: datetime
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class VetoRow:
    """One veto 一票否决 that stands on the card, with what it does in words."""

    code: str
    title: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """A signer's question about the card, with its answer and the moves that the reader can make."""

    id: str
    version: int
    state: str
    text: str
    asker_name: str
    asker_role: str
    asked_at: datetime
    item_title: str = ""
    answer: str = ""
    answerer_name: str = ""
    answered_at: datetime | None = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardPage:
    """评分表: one card as the form of the source documents."""

    card: CardRow
    document_number: str
    document_version: str
    document_revision: str
    full: str
    sections: tuple[SectionRow, ...]
    timeline: tuple[TimelineStep, ...]
    actions: tuple[Action, ...]
    signatures: tuple[Signature, ...] = ()
    vetoes: tuple[VetoRow, ...] = ()
    enterable_vetoes: tuple[Option, ...] = ()  # of the scheme, not on the card yet
    may_veto: bool = False
    editable: bool = False
    why_not_editable: str = ""
    acting_as: str = ""  # the role the reader signs with
    pay: PayPanel | None = None
    previous: CardLink | None = None
    next: CardLink | None = None
    superseded_by: CardLink | None = None
    has_receipt: bool = False
    questions: tuple[Question, ...] = ()
    may_ask: bool = False  # the card waits for the reader, who could return it
    ranked_in: str = ""  # among whom, and why there
    erased: OrderLine | None = None  # what it said of the person is no more
    history: tuple[HistoryLine, ...] = ()

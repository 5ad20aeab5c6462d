"""考核管理: plans, schemes, people, units and grants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from workflow.pages.views.cards import Action, CardRow, HistoryLine, ItemRule
from workflow.pages.views.ledger import DutyRow
from workflow.pages.views.ratings import RatersPanel
from workflow.pages.views.schemes import DifferencePart, SignedLine
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in the list."""

    code: str
    title: str
    period: str
    state: str
    version: int
    schemes: tuple[str, ...]
    units: tuple[str, ...]
    cards: int
    by_state: tuple[tuple[str, int], ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True)
class SchemeChoice:
    """One scheme that a new plan can hold, and the units that it could appraise (themselves, or the people in them)."""

    code: str
    title: str
    units: tuple[Option, ...]
    of_units: bool


@dataclass(frozen=True, slots=True)
class NewPlanForm:
    """What was entered for a new plan, and what is wrong with it by field (an empty key: as a whole)."""

    code: str = ""
    title: str = ""
    period: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # units by scheme
    errors: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class PlansPage:
    """考核计划: every plan, and the form that makes one."""

    rows: tuple[PlanRow, ...]
    pager: Pager
    may_create: bool = False
    schemes: tuple[SchemeChoice, ...] = ()
    period: str = ""  # proposed for the next plan
    form: NewPlanForm = field(default_factory=NewPlanForm)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One due date of a plan: inputs, prepare, review, approve, disclose, object, payroll."""

    step: str
    due: date
    late: bool = False


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Somebody without a card, or whose card no longer fits: `kind` is joined, left or moved."""

    kind: str
    subject: str
    name: str
    unit: str
    unit_name: str
    card_id: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class LateRow:
    """Late work in one unit (none: the whole plan), and who holds it: name, for whom, and when last reminded before today."""

    unit: str
    unit_name: str
    count: int
    of: str  # what is counted: cards, values, ratings
    people: tuple[tuple[str, str, date | None], ...]


@dataclass(frozen=True, slots=True)
class LateStep:
    """One step of the calendar that is late, and whether anybody in it has not been reminded today."""

    step: str
    due: date
    rows: tuple[LateRow, ...]
    can_remind: bool


@dataclass(frozen=True, slots=True)
class CopyForm:
    """What is proposed for a copy of the plan: the next period, and a code after it."""

    period: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan: its moves, calendar, subjects and cards."""

    plan: PlanRow
    actions: tuple[Action, ...]
    calendar: tuple[CalendarDay, ...] = ()
    duties: tuple[DutyRow, ...] = ()  # what recorders still owe
    blockers: tuple[CardRow, ...] = ()
    cards: tuple[CardRow, ...] = ()
    pager: Pager | None = None
    late: tuple[LateStep, ...] = ()  # for whoever runs the plan
    changes: tuple[ChangeRow, ...] = ()  # who joined, left or moved since it was opened
    raters: RatersPanel | None = None  # for whoever runs the plan, where cards of it are rated
    copy: CopyForm | None = None  # for whoever may make plans
    history: tuple[HistoryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """One version of a scheme."""

    code: str
    title: str
    version: int
    state: str
    frequency: str
    subject: str
    items: int
    full: str
    effective_from: str = ""


@dataclass(frozen=True, slots=True)
class SchemesPage:
    """考核方案: the newest version of each, and where a file is loaded."""

    rows: tuple[SchemeRow, ...]
    may_load: bool = False
    file: str = ""  # the name of the one that was refused
    faults: tuple[Option, ...] = ()  # its faults: path and sentence


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """One item of a scheme, its rule in words."""

    code: str
    title: str
    full: str
    weight: str
    rule: ItemRule


@dataclass(frozen=True, slots=True)
class SchemeSection:
    """One section of a scheme."""

    code: str
    title: str
    full: str
    items: tuple[SchemeItem, ...]
    source: str = ""
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class SchemePage:
    """One scheme version, readable without knowing its file."""

    scheme: SchemeRow
    versions: tuple[int, ...]
    document_number: str
    document_version: str
    document_revision: str
    sections: tuple[SchemeSection, ...]
    grades: tuple[Option, ...] = ()  # name and its threshold
    source: str = ""
    assumption: str = ""
    warnings: tuple[str, ...] = ()
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)  # sentences by the scheme's key
    difference: DifferencePart | None = None
    may_test: bool = False
    version: int = 0  # of the entity, for If-Match
    actions: tuple[Action, ...] = ()
    signatures: tuple[SignedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person; `number` is the staff number, kept as text with its zeros."""

    id: str
    number: str
    name: str
    unit: str
    unit_name: str
    post: str
    version: int
    active: bool = True
    username: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """人员: who belongs where."""

    rows: tuple[PersonRow, ...]
    pager: Pager
    units: tuple[Option, ...] = ()
    q: str = ""
    unit: str = ""
    active: str = "active"
    may_edit: bool = False
    today: date | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the tree, in walking order; `depth` 0 is the company."""

    code: str
    name: str
    depth: int
    parent: str
    head: str
    head_name: str
    people: int
    version: int


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """单位: the tree of 考核对象."""

    rows: tuple[UnitRow, ...]
    people: tuple[Option, ...] = ()  # who can be the person responsible
    may_edit: bool = False
    today: date | None = None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant: account × role × scope × dates."""

    id: str
    username: str
    name: str
    role: str
    unit: str
    unit_name: str  # empty for the whole company
    starts: date
    ends: date | None
    version: int
    items: tuple[str, ...] = ()
    status: str = "in_force"  # in_force, coming, ended


@dataclass(frozen=True, slots=True)
class GrantsPage:
    """授权: who may do what, where and until when."""

    rows: tuple[GrantRow, ...]
    pager: Pager
    accounts: tuple[Option, ...] = ()
    units: tuple[Option, ...] = ()
    roles: tuple[str, ...] = ()
    q: str = ""
    role: str = ""
    may_edit: bool = False
    today: date | None = None
    with_device: tuple[Option, ...] = ()  # the accounts that use one-time codes, for whoever may reset them

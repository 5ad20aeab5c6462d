"""结果: the ranking of a plan, and what follows from it."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.pages.views.cards import Action, CardLink
from workflow.pages.views.shell import Option, Pager


@dataclass(frozen=True, slots=True)
class RankRow:
    """One line of a ranking; `climbed` is positive for a better rank than in the period before."""

    card: CardLink
    unit_name: str
    scheme_title: str
    total: str | None
    rank: int | None
    absence: str
    grade: str | None
    climbed: int | None


@dataclass(frozen=True, slots=True)
class GradeShare:
    """How many have a grade, and which part of all that is, in percent."""

    name: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class GroupTable:
    """One group's ranking."""

    title: str
    version: int
    state: str
    at: datetime
    ranked: int
    grades: tuple[GradeShare, ...]
    rows: tuple[RankRow, ...]


@dataclass(frozen=True, slots=True)
class RankingPage:
    """The ranking of one plan, and the plans to choose from."""

    plans: tuple[Option, ...]
    plan: str = ""
    title: str = ""
    period: str = ""
    groups: tuple[GroupTable, ...] = ()
    sees_actions: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One period that a proposal rests on."""

    period: str
    group: str
    rank: int
    ranked: int


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action item."""

    id: str
    version: int
    title: str
    by: str
    card: CardLink
    unit_name: str
    plan: str
    plan_title: str
    period: str
    state: str
    evidence: tuple[EvidenceRow, ...]
    owner_name: str
    due: date
    late: bool
    lasts: int | None = None
    kind: str = ""
    outcome: str = ""
    done: date | None = None
    agreed: str = ""
    passed: bool | None = None
    no_bonus: bool = False
    dismissal: str = ""
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """The list of action items."""

    rows: tuple[ActionRow, ...]
    pager: Pager
    plans: tuple[Option, ...] = ()
    plan: str = ""
    state: str = ""
    whose: str = ""
    has_person: bool = False  # who reads is a person of the company, so that some can be theirs


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be read otherwise in an interview record."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """One interview record in a list."""

    id: str
    action: str
    title: str
    period: str
    subject_name: str
    unit_name: str
    held_on: date
    held_by: str
    place: str
    state: str


@dataclass(frozen=True, slots=True)
class InterviewPart:
    """How a talk was held, whether the person has read its record, the corrections, and what can be done with it."""

    id: str
    version: int
    held_on: date
    held_at: str
    place: str
    held_by: str
    present: str
    state: str
    acknowledged_at: datetime | None
    comment: str
    declined: str
    corrections: tuple[Correction, ...]
    moves: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class InterviewsPage:
    """The interview records that the reader may see."""

    rows: tuple[InterviewRow, ...]
    pager: Pager
    state: str = ""
    own: bool = False
    has_person: bool = False
    sees_others: bool = False


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action item with its evidence, what led to it, what it led to, and what can be done about it."""

    action: ActionRow
    today: date
    before: ActionRow | None
    after: tuple[ActionRow, ...]
    moves: tuple[Action, ...]
    interview: InterviewPart | None = None
    standing_of: str = ""  # the staff number of whom a standing can be entered for by it

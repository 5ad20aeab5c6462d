"""One person over time: standings, levels, posts."""

from dataclasses import dataclass
from datetime import date

from workflow.pages.views.shell import OrderLine


@dataclass(frozen=True, slots=True)
class StandingLine:
    """One standing; `ends` is the last day on which it held, earlier than entered where a return cut it short."""

    kind: str
    id: str = ""
    starts: date | None = None
    ends: date | None = None
    cut_short: bool = False
    reason: str = ""
    evidence: str = ""
    action: str = ""
    void_reason: str | None = None
    version: int = 0
    may_void: bool = False


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level, how it was gained, and by which figures."""

    id: str
    level: str
    way: str
    provisional: bool
    employment: str
    starts: date
    ends: date | None
    figures: tuple[tuple[str, str], ...]
    papers: str
    reason: str
    void_reason: str | None
    version: int
    may_void: bool


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post in a unit."""

    unit_name: str
    post: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class StandingForm:
    """What the form for a standing begins with; `action` is the action item that leads to it."""

    kind: str
    starts: date
    ends: date | None = None
    action: str = ""
    action_title: str = ""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person over time, and what can be entered."""

    number: str
    name: str
    unit_name: str
    post: str
    standings: tuple[StandingLine, ...]
    levels: tuple[LevelLine, ...]
    posts: tuple[PostLine, ...]
    standing: StandingLine  # today's
    level: LevelLine | None  # today's
    may_enter: bool
    sees_actions: bool
    form: StandingForm
    kinds: tuple[str, ...]
    level_names: tuple[str, ...]
    today: date
    erased: OrderLine | None = None
    may_erase: bool = False

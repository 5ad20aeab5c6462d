"""What surrounds every page, and the pages around signing in and errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Area(StrEnum):
    """The areas of the navigation; each account sees the ones it can use."""

    WORKBENCH = "workbench"
    CARDS = "cards"
    INBOX = "inbox"
    ME = "me"
    RATINGS = "ratings"
    OBJECTIONS = "objections"
    IMPORTS = "imports"
    LEDGER = "ledger"
    PLANS = "plans"
    SCHEMES = "schemes"
    PEOPLE = "people"
    UNITS = "units"
    GROUPS = "groups"
    GRANTS = "grants"
    CALENDAR = "calendar"
    RATES = "rates"
    PORTFOLIOS = "portfolios"
    DELEGATES = "delegates"
    RANKING = "ranking"
    REPORT = "report"
    ACTIONS = "actions"
    IMPROVEMENTS = "improvements"
    PAYROLL = "payroll"
    RECORD = "record"


MANAGED = frozenset({Area.PLANS, Area.SCHEMES, Area.PEOPLE, Area.UNITS, Area.GROUPS, Area.GRANTS, Area.DELEGATES})


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds every page of a signed-in account (`shell` in the template context; None before signing in)."""

    name: str
    username: str
    roles: tuple[str, ...]
    areas: frozenset[Area]
    waiting: int = 0  # how many cards wait in the inbox
    to_do: int = 0  # how many open action items this person sees to, and interview records wait to be read
    late: int = 0  # how many improvement plans this person carries out and is late with
    to_rate: int = 0  # how many people this person is still asked to rate
    objections: int = 0  # how many queries and appeals wait for the reader
    proof_fresh: bool = False  # the last proof of identity is new enough to sign with
    has_device: bool = False  # for one-time codes, which then are the proof for signing
    demo: bool = False

    @property
    def manages(self) -> bool:
        """Whether any area of 考核管理 is shown."""
        return bool(self.areas & MANAGED)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Pager:
    """One keyset page: `after` opens the next one, `total` is known up to 10,000."""

    shown: int
    after: str | None = None
    first: bool = True
    total: int | None = None


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The sign-in form; `error` is the sentence of the refusal."""

    next_url: str = ""
    username: str = ""
    error: str = ""
    asks_code: bool = False  # the account, or somebody who signed in here before, uses one-time codes
    demo_accounts: tuple[Option, ...] = ()  # user name and role, where demo accounts are allowed


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """The form to change one's password; `first` when it must be done before anything else."""

    first: bool
    least: int
    errors: Mapping[str, str] = field(default_factory=dict)  # by field: current, new, again


@dataclass(frozen=True, slots=True)
class CodePage:
    """One's device for one-time codes: `since` when it counts, or the secret that waits for its first code."""

    since: datetime | None = None
    secret: str = ""
    picture: str = ""  # the QR code as SVG
    error: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)  # by field: password, otp


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong: `detail` is the refusal's sentence."""

    status: int
    detail: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """The order by which somebody's content was erased: its number, when, and the paper it rests on."""

    number: int
    at: datetime
    order: str

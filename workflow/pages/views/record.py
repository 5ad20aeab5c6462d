"""审计: the written record, readable and with filters."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.cards import CardLink, Change
from workflow.pages.views.shell import Option, OrderLine, Pager


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record: who, as what, for whom, did what to which entity, and why."""

    id: str
    index: int | None
    at: datetime
    event: str
    entity_kind: str
    entity: str
    label: str  # what the entity is called: number and name of the card, user name, unit
    version: int
    actor: str
    role: str = ""
    on_behalf_of: str = ""
    reason: str = ""
    changes: tuple[Change, ...] = ()
    more: int = 0  # changes beside these
    state: str = ""
    request_id: str = ""
    card: CardLink | None = None
    erased: OrderLine | None = None


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A witness, and by how many records it is behind the newest checkpoint; without a time it has never signed."""

    name: str
    behind: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """The state of the log: its size and when it was last signed (none: never), and how many records wait."""

    size: int
    signed_at: datetime | None
    waiting: int
    witnesses: tuple[WitnessLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofLine:
    """The newest proof of the whole record: asked for, under way or finished with what was found; none without a time."""

    asked_by: str = ""
    asked_at: datetime | None = None
    begun: bool = False
    percent: int = 0
    finished_at: datetime | None = None
    holds: bool = False
    records: int = 0
    compared: bool = False
    erasures: tuple[str, ...] = ()
    wrong: str = ""
    advice: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether its reader has to wait for it."""
        return self.asked_at is not None and self.finished_at is None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of the record, oldest first or newest first."""

    rows: tuple[RecordRow, ...]
    pager: Pager
    log: LogLine
    proof: ProofLine | None = None  # none: the reader may not ask for one
    may_export: bool = False
    kinds: tuple[str, ...] = ()
    kind: str = ""
    entity: str = ""
    actor: str = ""
    actors: tuple[Option, ...] = ()
    from_day: str = ""
    to_day: str = ""
    newest_first: bool = True

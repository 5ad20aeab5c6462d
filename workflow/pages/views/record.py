"""审计: the written record, readable and with filters."""

from dataclasses import dataclass
from datetime import datetime

from workflow.pages.views.cards import CardLink, Change
from workflow.pages.views.shell import Option, Pager


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
    state: str = ""
    request_id: str = ""
    card: CardLink | None = None


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
class RecordPage:
    """A page of the record, oldest first or newest first."""

    rows: tuple[RecordRow, ...]
    pager: Pager
    log: LogLine
    kinds: tuple[str, ...] = ()
    kind: str = ""
    entity: str = ""
    actor: str = ""
    actors: tuple[Option, ...] = ()
    from_day: str = ""
    to_day: str = ""
    newest_first: bool = True

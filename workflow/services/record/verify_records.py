"""Proving the whole written record: every record, every chain, and that what is there now is what the records tell."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Table

from config import Settings
from workflow.models import log_stream, record_stream
from workflow.models.record_stream import InOrder
from workflow.models.recorded import RECORDED
from workflow.records.canonical import Envelope
from workflow.records.faults import BrokenRecordError, Fault, FaultCode
from workflow.services.erasing import look_up_erasures
from workflow.services.erasing.look_up_erasures import OrderTold
from workflow.services.record.verify_entity import Entity
from workflow.services.record.verify_log import LogState, Outside, check_log, outside_of
from workflow.services.record.verify_rows import rows_of

Progress = Callable[[int], object]
"""Told how many steps were taken since it was last told."""

TOLD_EVERY = 1000

NOTHING_OUTSIDE = Outside()
"""For a copy that is proved away from where its log is kept: then nobody can tell whether its newest part was cut off."""

KINDS = ("scheme", *sorted({tie.kind for tie in RECORDED.values()} - {"scheme"}))
"""Schemes first: cards are scored again by them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a proof of the record found: how much there is, what orders took of it, and the first place that does not hold."""

    records: int
    entities: int
    pending: int
    log: LogState = field(default_factory=LogState)
    fault: Fault | None = None
    erasures: tuple[OrderTold, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return self.fault is None

    def as_data(self) -> dict[str, Any]:
        """Give the verdict as data."""
        return {
            "holds": self.holds,
            "records": self.records,
            "entities": self.entities,
            "pending": self.pending,
            "log": {"size": self.log.size, "signed": self.log.signed, "compared": self.log.compared},
            "erasures": [each.as_data() for each in self.erasures],
            "fault": None if self.fault is None else self.fault.as_data(),
        }


@dataclass(slots=True)
class _Tally:
    """What has been proved so far, and who is told."""

    progress: Progress
    steps: int = 0
    entities: int = 0
    _told: int = 0

    def count(self, steps: int = 1) -> None:
        """Count steps."""
        self.steps += steps
        if self.steps - self._told >= TOLD_EVERY:
            self.finish()

    def finish(self) -> None:
        """Tell of the steps that nobody was told of."""
        self.progress(self.steps - self._told)
        self._told = self.steps


def count() -> int:
    """Give the number of steps by which progress is measured: each record, and each place in the log."""
    with record_stream.one_moment() as connection:
        return record_stream.count_records(connection) + log_stream.count(connection)


def verify_installation(settings: Settings, progress: Progress = lambda _: None) -> Verdict:
    """Prove the whole record together with what this installation knows of its log outside the database."""
    try:
        outside = outside_of(settings)
    except BrokenRecordError as broken:
        return Verdict(0, 0, 0, fault=broken.fault)
    return verify(outside, progress)


def verify(outside: Outside = NOTHING_OUTSIDE, progress: Progress = lambda _: None) -> Verdict:
    """Prove the whole record as it is now, in memory that does not grow with it; nothing is written."""
    tally, log = _Tally(progress), LogState()
    with record_stream.one_moment() as connection:
        pending = record_stream.count_pending(connection)
        try:
            _check_kinds(connection)
            for kind in KINDS:
                _check_kind(connection, kind, tally)
            _check_strays(connection)
            records = tally.steps
            log = check_log(connection, outside, tally.count)
            erasures = look_up_erasures.orders_of(connection)
            tally.finish()
        except BrokenRecordError as broken:
            return Verdict(tally.steps, tally.entities, pending, log, broken.fault)
    return Verdict(records, tally.entities, pending, log, erasures=erasures)


def _check_kinds(connection: Connection) -> None:
    unknown = sorted(record_stream.kinds(connection) - set(KINDS))
    if unknown:
        record_id = record_stream.one_of_kind(connection, unknown[0])
        raise BrokenRecordError(Fault(FaultCode.KIND_UNKNOWN, kind=unknown[0], record_id=record_id))


def _check_strays(connection: Connection) -> None:
    stray = record_stream.without_record(connection)
    if stray is not None:
        raise BrokenRecordError(Fault(FaultCode.STRAY_ROW, table=stray[0], record_id=stray[1]))


def _check_kind(connection: Connection, kind: str, tally: _Tally) -> None:
    """Go through the entities of a kind in the order of their ids, with their records and their rows beside each other."""
    own, parts = record_stream.tables_of(kind)
    tables = {table.name: rows_of(table, connection.dialect.name) for table in (own, *parts)}
    with ExitStack() as streams:
        told = streams.enter_context(record_stream.records_of(connection, kind))
        records = InOrder(told, itemgetter(Envelope._fields.index("entity_id")))
        rows = {table.name: _in_order(connection, table, streams) for table in (own, *parts)}
        while (entity_id := _next((records, *rows.values()))) is not None:
            found = {name: list(each.take(entity_id)) for name, each in rows.items()}
            Entity(kind, entity_id, own.name, tables, found).check(records.take(entity_id), tally.count)
            tally.entities += 1


def _in_order(connection: Connection, table: Table, streams: ExitStack) -> InOrder[Row[Any]]:
    place = table.columns.keys().index(RECORDED[table.name].parent_column or "id")
    return InOrder(streams.enter_context(record_stream.rows_of(connection, table)), itemgetter(place))


def _next(streams: Iterable[InOrder[Row[Any]]]) -> int | None:
    return min([each.key for each in streams if each.key is not None], default=None)

"""A log for tests: its key and its checkpoints in a folder, and changes to be logged."""

from pathlib import Path

from sqlalchemy import select

from tests.support.settable_clock import SettableClock
from workflow.models.database import db
from workflow.models.log import LogEntry
from workflow.models.organisation import Unit
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.services.record import log_key
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.log_key import Keyholder
from workflow.services.record.sequence_log import Sequencer
from workflow.services.unit_of_work import unit_of_work

ORIGIN = "log.example/record"


def begin_log(folder: Path, clock: SettableClock) -> Sequencer:
    """Give the log of the opened database its key, kept in the folder."""
    keyholder = Keyholder(folder / "log-key")
    log_key.begin(keyholder, clock, ORIGIN)
    return Sequencer(keyholder, CheckpointFolder(folder / "checkpoints"), clock)


def record(clock: SettableClock, changes: int) -> None:
    """Record so many changes, in one transaction."""
    with unit_of_work(SYSTEM, clock) as work:
        unit = Unit(id=new_id(), code=str(new_id()), title="0", parent_id=None, path="/many/")
        work.create(unit, "unit.create")
        for number in range(1, changes):
            work.change(unit, "unit.rename", {"title": str(number)})


def leaves() -> list[bytes]:
    """The log's leaves, in their order."""
    return list(db.session.scalars(select(LogEntry.leaf_hash).order_by(LogEntry.log_index)))

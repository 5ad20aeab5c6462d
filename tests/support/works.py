"""A company that is served by processes of its own, with people at work, and what has to be true after a kill."""

import time
from dataclasses import dataclass

from sqlalchemy import func, select

from config import Settings
from tests.support.command import Installation
from tests.support.company_fixtures import Company
from tests.support.load import Load
from workflow.models.database import db
from workflow.models.record import Record
from workflow.services.record import verify_records


@dataclass(frozen=True)
class Works:
    """A company that a server of its own serves, and those who work on it."""

    company: Company
    installation: Installation
    load: Load

    @property
    def settings(self) -> Settings:
        """What the server works with."""
        found: Settings = self.company.app.config["SETTINGS"]
        return found

    def kill_under_load(self, after: float) -> None:
        """Start the server, compare it with what everybody was told, let all work, and kill it after so many seconds."""
        with self.installation.serving_until_killed() as (port, kill):
            self.check_nothing_lost(port)
            with self.load.on(port):
                time.sleep(after)
                kill()

    def check_nothing_lost(self, port: int) -> None:
        """Every card stands where its client was last told, or one change further where an answer is outstanding."""
        for each in self.load.clients:
            assert 0 <= each.version_on(port) - each.version <= int(each.unanswered), each

    def settle(self) -> None:
        """Let everybody have the answer that is outstanding."""
        with self.installation.serving_until_killed() as (port, _):
            self.check_nothing_lost(port)
            for each in self.load.clients:
                each.settle(port)

    def check_the_record(self) -> None:
        """The whole record holds, together with the checkpoints outside the database."""
        verdict = verify_records.verify_installation(self.settings)
        assert verdict.holds, verdict.fault

    def changes(self, card: int) -> int:
        """How many changes of a card are recorded."""
        db.session.rollback()
        changes = (Record.entity_id == card, Record.version.is_not(None))
        return db.session.scalar(select(func.count()).select_from(Record).where(*changes)) or 0

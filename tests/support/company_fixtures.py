"""Fixtures: the small company of `world`, on SQLite and on PostgreSQL, copied from one that is built once in a run."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Database, PostgresTemplates, SqliteTemplates
from tests.support.postgres import PostgresCluster
from tests.support.scratch import scratch
from tests.support.settable_clock import SettableClock
from tests.support.world import World, build_world, card_of, find_world, move, open_plan
from workflow.models.database import db
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Scorecard
from workflow.models.upgrade import upgrade
from workflow.policy import Actor


@dataclass(frozen=True)
class Company:
    """A company with an open plan of October 2026: its database is open, its clock stands still."""

    app: Flask
    database: Database
    clock: SettableClock
    world: World

    def actor(self, username: str) -> Actor:
        """Give who acts by this account."""
        return self.world.actor(username)

    def card(self, subject: str) -> Scorecard:
        """Give the newest card of a subject as it stands now, whoever has changed it."""
        db.session.rollback()
        return card_of(subject)

    def move(self, card: Scorecard, username: str, trigger: str, **asked: object) -> Scorecard:
        """Move a card as somebody who has just proved themselves."""
        return move(self.world, self.clock, card, username, trigger, **asked)

    def records(self, entity_id: int) -> list[tuple[Record, dict[str, object]]]:
        """Give the records of an entity, oldest first, each with its content."""
        db.session.rollback()
        query = (
            select(Record, RecordContent.content)
            .join(RecordContent, RecordContent.record_id == Record.id)
            .where(Record.entity_id == entity_id)
            .order_by(Record.id)
        )
        return [(record, content) for record, content in db.session.execute(query)]

    def events(self, entity_id: int) -> list[str]:
        """Give what has happened to an entity, oldest first."""
        return [record.event for record, _ in self.records(entity_id)]


def _found(database: Database) -> None:
    """Migrate a database, build the company and open its plan."""
    upgrade(database.url, database.owner_url)
    clock = SettableClock()
    with opened(database):
        open_plan(build_world(clock), clock)


@pytest.fixture(scope="session")
def sqlite_companies() -> Iterator[SqliteTemplates]:
    """The SQLite file with the company that each test gets a copy of."""
    with scratch("companies") as folder:
        yield SqliteTemplates(folder, _found)


@pytest.fixture(scope="session")
def postgres_companies(postgres_cluster: PostgresCluster) -> PostgresTemplates:
    """The PostgreSQL database with the company that each test gets a copy of."""
    return PostgresTemplates(postgres_cluster, _found)


@pytest.fixture(
    params=[pytest.param(kind, marks=pytest.mark.postgresql if kind == POSTGRESQL else ()) for kind in KINDS]
)
def company(request: pytest.FixtureRequest) -> Iterator[Company]:
    """The company for one test, which runs on both kinds of database."""
    name = "sqlite_companies" if request.param == SQLITE else "postgres_companies"
    templates: SqliteTemplates | PostgresTemplates = request.getfixturevalue(name)
    with templates.fresh() as database, opened(database) as app:
        yield Company(app, database, SettableClock(), find_world())

"""Fixtures: the small company of `world`, on SQLite and on PostgreSQL, copied from one that is built once in a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.bare_app import opened
from tests.support.databases import Database, PostgresTemplates, SqliteTemplates
from tests.support.settable_clock import SettableClock
from tests.support.storage_fixtures import BOTH_KINDS
from tests.support.stories import Stories, Story, october_open
from tests.support.world import World, card_of, find_world, move
from workflow.models.database import db
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Scorecard
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


@pytest.fixture(scope="session")
def sqlite_stories(sqlite_templates: SqliteTemplates) -> Stories:
    """What has been told on SQLite."""
    return Stories(sqlite_templates)


@pytest.fixture(scope="session")
def postgresql_stories(postgres_templates: PostgresTemplates) -> Stories:
    """What has been told on PostgreSQL."""
    return Stories(postgres_templates)


@pytest.fixture(params=BOTH_KINDS)
def stories(request: pytest.FixtureRequest) -> Stories:
    """What has been told, for a test that runs on both kinds of database."""
    found: Stories = request.getfixturevalue(f"{request.param}_stories")
    return found


@pytest.fixture(scope="module", params=BOTH_KINDS)
def module_stories(request: pytest.FixtureRequest) -> Stories:
    """What has been told, for a module whose tests share a company, on both kinds of database."""
    found: Stories = request.getfixturevalue(f"{request.param}_stories")
    return found


@contextmanager
def company_after(story: Story, stories: Stories) -> Iterator[Company]:
    """A company of one's own after a story."""
    clock = SettableClock()
    with stories.after(story, clock) as database, opened(database) as app:
        yield Company(app, database, clock, find_world())


@pytest.fixture
def company(stories: Stories) -> Iterator[Company]:
    """The company with October open, for one test, which runs on both kinds of database."""
    with company_after(october_open, stories) as company:
        yield company

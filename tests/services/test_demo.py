"""The demo organisation: every scheme of the source in use, each month as the product would have it, always the same."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.application import make_settings
from tests.support.application_fixtures import PUBLISHED_MONTHS
from tests.support.bare_app import opened
from tests.support.databases import Database
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.ledger import LedgerEntry
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import SIGNING_ROLES, State
from workflow.scoring.periods import Frequency, Period
from workflow.services import pay, verify_records
from workflow.services.demo import company, contents
from workflow.services.demo import load as demo

SEPTEMBER = "2026-09"
YEARLY = {each.scheme for each in contents.CONTENTS[Frequency.YEAR]}
HALF_YEARLY = {each.scheme for each in contents.CONTENTS[Frequency.HALF_YEAR]}

Scored = dict[str, tuple[Decimal | None, str | None]]


@pytest.fixture
def told(demo_app: Flask) -> None:
    """The demo organisation with its newest months, in this thread's application."""
    demo_app.app_context().push()


def cards_under(scheme: str, period: str) -> list[Scorecard]:
    query = select(Scorecard).where(Scorecard.scheme_code == scheme, Scorecard.period == period)
    return list(db.session.scalars(query.order_by(Scorecard.number)))


def scored() -> Scored:
    query = select(Scorecard.number, Scorecard.total, Scorecard.grade).order_by(Scorecard.number)
    return {number: (total, grade) for number, total, grade in db.session.execute(query)}

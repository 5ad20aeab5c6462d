"""The clock can't reorder: what came first stands first in the log and in every history, whatever the clock was set to."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.application import keep_log, make_settings
from tests.support.company_fixtures import Company
from tests.support.stocked import FULL_MARKET
from tests.support.world import card_of, fill
from workflow.models import types
from workflow.models.database import db
from workflow.models.log import LogEntry
from workflow.models.record import Record
from workflow.services.record import verify_records

A_DAY_MS = 24 * 60 * 60 * 1000


@pytest.mark.parametrize("kept_between", [True, False], ids=["logged before", "all still waiting"])
def test_a_clock_set_back_by_a_day_and_a_restart_change_no_order(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kept_between: bool
) -> None:
    company.app.config.update(SETTINGS=make_settings(company.database, tmp_path))
    keep_log(company.app, company.clock)
    fill(company.world, company.clock, card_of("market"), FULL_MARKET)
    company.move(card_of("market"), "preparer", "prepare")
    if kept_between:
        keep_log(company.app, company.clock)
    company.clock.advance(days=-1)
    epoch = types._EPOCH_MS  # noqa: SLF001 — what the clock of the machine does to ids
    monkeypatch.setattr(types, "_EPOCH_MS", epoch + A_DAY_MS)
    monkeypatch.setattr(types.new_id.__self__, "_last", 0)  # a new process has made no id yet
    company.move(card_of("market"), "reviewer", "review")
    company.move(card_of("market"), "reviewer", "withdraw")
    company.move(card_of("market"), "reviewer-2", "review")
    keep_log(company.app, company.clock)
    card = company.card("market")
    query = select(Record.version).join(LogEntry, LogEntry.record_id == Record.id).where(Record.entity_id == card.id)
    in_the_log = db.session.scalars(query.order_by(LogEntry.log_index)).all()
    assert in_the_log == list(range(1, card.version + 1))
    events = ["prepare", "review", "withdraw", "review"]
    assert company.events(card.id)[-4:] == [f"scorecard.{event}" for event in events]
    assert verify_records.verify_installation(company.app.config["SETTINGS"]).holds

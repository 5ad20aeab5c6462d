"""Whoever audits asks for a proof of the record; the worker makes it, and the page tells how far it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings
from tests.support.application import make_settings
from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from workflow.errors import Reason
from workflow.services.record import verify_runs
from workflow.services.record.verify_runs import GIVEN_UP_AFTER, RunShown


@pytest.fixture
def settings(company: Company, tmp_path: Path) -> Iterator[Settings]:
    return make_settings(company.database, tmp_path)


def shown(company: Company) -> RunShown:
    """The newest proof as the auditor sees it."""
    company.card("customer")  # reads anew what others wrote
    found = verify_runs.newest(company.actor("auditor"))
    assert found is not None
    return found


def test_a_proof_waits_until_the_worker_makes_it(company: Company, settings: Settings) -> None:
    assert verify_runs.newest(company.actor("auditor")) is None
    verify_runs.ask(company.actor("auditor"), company.clock)
    waiting = shown(company)
    assert (waiting.asked_by, waiting.begun, waiting.verdict) == ("审计", False, None)
    assert verify_runs.work_off(settings, company.clock)
    done = shown(company)
    assert done.finished_at == company.clock()
    assert done.verdict is not None
    assert done.verdict["holds"]


def test_nobody_waits_nothing_is_proved(company: Company, settings: Settings) -> None:
    assert not verify_runs.work_off(settings, company.clock)


def test_a_second_request_joins_the_first(company: Company, settings: Settings) -> None:
    for _ in range(2):
        verify_runs.ask(company.actor("auditor"), company.clock)
    assert [verify_runs.work_off(settings, company.clock) for _ in range(2)] == [True, False]


def test_a_proof_that_broke_off_is_begun_again(
    company: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify_runs.ask(company.actor("auditor"), company.clock)
    with monkeypatch.context() as broken:
        broken.setattr(verify_runs.verify_records, "verify_installation", _stop)
        with pytest.raises(KeyboardInterrupt):
            verify_runs.work_off(settings, company.clock)
    assert not verify_runs.work_off(settings, company.clock)
    company.clock.moment += GIVEN_UP_AFTER + timedelta(seconds=1)
    assert verify_runs.work_off(settings, company.clock)
    assert shown(company).finished_at is not None


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("username", ["admin", "operator", "preparer", "nobody"])
def test_only_who_audits_the_company_asks_and_sees(company: Company, username: str) -> None:
    verify_runs.ask(company.actor("auditor"), company.clock)
    with refused(Reason.NO_GRANT):
        verify_runs.ask(company.actor(username), company.clock)
    assert verify_runs.newest(company.actor(username)) is None

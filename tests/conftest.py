"""The rig of the tests: databases of both kinds, the application, a live server and a real browser."""

import gc
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from tests.support import missing

pytest_plugins = [
    "tests.support.cheap_passwords",
    "tests.support.storage_fixtures",
    "tests.support.company_fixtures",
    "tests.support.application_fixtures",
]

# Cases are found by size, never by time: a slow machine must not fail a test.
hypothesis_settings.register_profile("kaogong", deadline=None)
hypothesis_settings.load_profile("kaogong")

# Whoever runs the tests may have settings of their own; the tests choose theirs.
for variable in [name for name in os.environ if name.startswith("KAOGONG_")]:
    del os.environ[variable]


LONGEST = (
    "cli/test_serving.py",
    "faults/test_kills.py",
    "faults/test_races.py",
    "faults/test_tampering.py",
    "api/test_fuzz.py",
    "api/test_a_year_of_95595.py",
    "models/test_guards.py",
    "pages/test_whole_way.py",
    "pages/test_a_month_of_service.py",
    "pages/test_every_page.py",
    "pages/test_who_may.py",
    "services/test_demo.py",
    "services/reporting/test_reports.py",
)
"""The files that take longest, whether they work or wait."""


def pytest_configure() -> None:
    """A run that is told to stop ends like any other: its servers stopped and its folders removed."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("told to stop", returncode=143))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: of several processes none is then left alone with one at the end."""
    longest = {Path(__file__).parent / name for name in LONGEST}
    items.sort(key=lambda item: item.path not in longest)


def pytest_collection_finish() -> None:
    """What was imported and gathered stays to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what could not be had."""
    for line in missing.report():
        terminalreporter.write_line(line, red=True, bold=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which something was missing is no success in continuous integration."""
    if missing.is_failure():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = missing.found()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of several processes has ended: what it missed, the run missed."""
    missing.add(getattr(node, "workeroutput", {}).get("missing", {}))

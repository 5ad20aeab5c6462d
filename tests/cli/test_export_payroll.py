"""`kaogong export payroll` writes the same workbook as the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from tests.support.agents import hire, whole_month
from tests.support.application import make_settings
from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.world import build_world
from workflow.cli.export import export_group
from workflow.services.importing.workbooks import read_table


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """Three agents with a final month."""
    with opened(sqlite_database) as app:
        clock = SettableClock()
        world = build_world(clock)
        hire(world, 3)
        whole_month(world, clock, "2026-08", {"E101": 110})
        app.config.update(SETTINGS=make_settings(sqlite_database, tmp_path), CLOCK=clock)
        yield app


def export(app: Flask, code: str, file: Path) -> Result:
    return CliRunner().invoke(export_group, ["payroll", code, str(file)], obj=ScriptInfo(create_app=lambda: app))


def test_the_payroll_of_a_final_plan_is_written_to_a_file(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "payroll.xlsx"
    assert export(app, "2026-08", file).exit_code == 0
    table = read_table(file.read_bytes())
    totals = [(cells[table.headers.index("姓名")], cells[table.headers.index("合计")]) for _, cells in table.rows]
    assert [(name, str(total)) for name, total in totals] == [("吴霞", "3300"), ("冯涛", "3000"), ("蒋丽", "3000")]


def test_an_unknown_plan_and_another_kind_of_file_are_refused(app: Flask, tmp_path: Path) -> None:
    assert export(app, "2026-99", tmp_path / "payroll.xlsx").exit_code != 0
    assert export(app, "2026-08", tmp_path / "payroll.pdf").exit_code != 0
    assert list(tmp_path.glob("payroll.*")) == []

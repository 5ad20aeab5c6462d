"""`kaogong records verify` says whether the written record holds, and where it does not."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from tests.support.application import keep_log, make_settings
from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.raw import connected
from tests.support.settable_clock import SettableClock
from tests.support.world import build_world
from workflow.cli.records import records_group


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """A company of few records, all of them in the log."""
    clock = SettableClock()
    with opened(sqlite_database) as app:
        app.config.update(SETTINGS=make_settings(sqlite_database, tmp_path), CLOCK=clock)
        build_world(clock)
        keep_log(app, clock)
        yield app


@pytest.fixture
def broken(app: Flask, sqlite_database: Database) -> Flask:
    """A company of which somebody has renamed a unit past the application."""
    with connected(sqlite_database) as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_unit_update")
        connection.exec_driver_sql("UPDATE unit SET title = '别的部' WHERE code = 'customer'")
        connection.commit()
    return app


def verify(app: Flask, *options: str) -> Result:
    return CliRunner().invoke(records_group, ["verify", *options], obj=ScriptInfo(create_app=lambda: app))


def test_a_record_that_holds_ends_well(app: Flask) -> None:
    result = verify(app)
    assert result.exit_code == 0
    assert "书面记录完整无误" in result.stdout
    assert "The written record holds" in result.stdout


def test_it_says_what_nobody_can_tell_without_a_checkpoint_outside(app: Flask, tmp_path: Path) -> None:
    assert json.loads(verify(app, "--json").stdout)["log"]["compared"]
    shutil.rmtree(tmp_path / "checkpoints")
    assert "数据库之外没有保存检查点" in verify(app).stdout


@pytest.mark.parametrize("name", ["log-key", "checkpoints/checkpoint"])
def test_what_lies_outside_and_can_not_be_read_is_no_proof(app: Flask, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    result = verify(app, "--json")
    assert (result.exit_code, json.loads(result.stdout)["fault"]["code"]) == (1, "outside_unreadable")


def test_a_broken_one_is_named_in_both_languages_with_what_to_do(broken: Flask) -> None:
    result = verify(broken)
    assert result.exit_code == 1
    assert "单位 customer 客户部的“名称”与书面记录不符:记录为 客户部,数据库中是 别的部" in result.stdout
    assert "title of unit customer 客户部 is not what the written record says" in result.stdout
    assert "请暂停签署与发布" in result.stdout


def test_the_verdict_is_there_for_programs(broken: Flask) -> None:
    result = verify(broken, "--json")
    verdict = json.loads(result.stdout)
    assert (result.exit_code, verdict["holds"]) == (1, False)
    fault = verdict["fault"]
    assert (fault["code"], fault["kind"], fault["table"], fault["column"]) == ("field_differs", "unit", "unit", "title")
    assert (fault["told"], fault["found"]) == ("客户部", "别的部")
    assert isinstance(fault["row_id"], str)
    assert fault["sentence"]["en"].endswith(f"(unit {fault['row_id']})")


def erase(app: Flask, *options: str, said: str | None = None) -> Result:
    command = ["erase", "E002", "--order", "人力〔2026〕12 号", *options]
    return CliRunner().invoke(records_group, command, obj=ScriptInfo(create_app=lambda: app), input=said)


def test_erasing_shows_what_goes_and_what_stays_before_it_asks(app: Flask) -> None:
    result = erase(app, said="n\n")
    assert (result.exit_code, "Aborted" in result.output) == (1, True)
    assert "将删除 " in result.stdout
    assert "Staff number, points, ranks, amounts, days and states stay" in result.stdout
    assert json.loads(verify(app, "--json").stdout)["erasures"] == []


def test_an_order_is_carried_out_and_told_by_every_proof_from_then_on(app: Flask) -> None:
    assert "删除令 1 已执行" in erase(app, "--yes").stdout
    assert "依据:人力〔2026〕12 号):E002 的" in verify(app).stdout
    assert "已按令删除" in erase(app, "--yes").output

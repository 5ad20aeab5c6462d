"""`kaogong backtest` prints who moves under a changed scheme."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from tests.support.agents import fill_month, hire, publish_month
from tests.support.application import make_settings
from tests.support.bare_app import opened
from tests.support.databases import Database
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.world import build_world
from workflow.cli.backtest import backtest


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """Four agents with a published month."""
    with opened(database) as app:
        clock = SettableClock()
        world = build_world(clock)
        hire(world, 4)
        fill_month(world, clock, "2026-09", {"E101": 110, "E102": 108, "E103": 104})
        publish_month(world, clock, "2026-09")
        app.config.update(SETTINGS=make_settings(database, tmp_path), CLOCK=clock)
        yield app


@pytest.fixture
def scheme_file(tmp_path: Path) -> Path:
    """The agents' scheme with additions of at most 5, and a talk with the last one only."""
    data = deepcopy(scheme_of("csr-card").to_data())
    data["sections"][0]["items"][0]["rule"]["bonus_max"] = "5"
    data["consequences"][0]["bottom"] = "1"
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def run(app: Flask, scheme: Path, *plans: str, language: str = "en") -> Result:
    chosen = [part for plan in plans for part in ("--plan", plan)]
    arguments = ["--scheme", str(scheme), *chosen, "--language", language]
    return CliRunner().invoke(backtest, arguments, obj=ScriptInfo(create_app=lambda: app))


def test_who_moves_what_follows_and_the_sums_are_printed(app: Flask, scheme_file: Path) -> None:
    result = run(app, scheme_file, "2026-09")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "2026-09 E101 吴霞: total 110 → 105 (-5), rank 1 → 1, grade 优秀 → 优秀",
        "2026-09 E102 冯涛: total 108 → 105 (-3), rank 2 → 1, grade 优秀 → 优秀",
        "- 2026-09 E102 冯涛: 业务服务室经理谈话 (talk-manager), ranks 2",
        "- 2026-09 E103 蒋丽: 业务服务室经理谈话 (talk-manager), ranks 3",
        "4 cards: 2 change their total, 1 their rank, 0 their grade, 0 become incomplete",
    ]


def test_it_speaks_chinese_too(app: Flask, scheme_file: Path) -> None:
    assert "总分 110 → 105(-5),名次 1 → 1" in run(app, scheme_file, "2026-09", language="zh-CN").stdout


def test_a_plan_that_is_not_there_ends_it(app: Flask, scheme_file: Path) -> None:
    result = run(app, scheme_file, "2026-09", "none")
    assert result.exit_code == 1
    assert "plans[1]" in result.stderr

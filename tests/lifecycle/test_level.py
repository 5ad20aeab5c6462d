"""The examination sets the level; who failed it with enough average deposits is 初级 provisionally (article 9)."""

from decimal import Decimal

import pytest

from workflow.lifecycle.level import Level, Qualification, Way

PASSED = {"written": "80", "oral": "75", "pass_mark": "60"}
FAILED = {"written": "80", "oral": "59.9", "pass_mark": "60"}
ENOUGH = {"average_deposits": "500", "deposit_threshold": "500"}


def faults(level: Level, way: Way, **figures: str) -> list[str]:
    read = {name: Decimal(text) for name, text in figures.items()}
    return [path for path, _, _ in Qualification(level, way, read).faults()]


@pytest.mark.parametrize("level", list(Level))
def test_a_passed_examination_gives_any_level(level: Level) -> None:
    assert faults(level, Way.EXAMINATION, **PASSED) == []
    assert faults(level, Way.EXAMINATION, **{**PASSED, "oral": "60"}) == []


@pytest.mark.parametrize("level", list(Level))
def test_written_and_oral_are_both_to_be_passed(level: Level) -> None:
    assert faults(level, Way.EXAMINATION, **FAILED) == ["way"]
    assert faults(level, Way.EXAMINATION, **{**FAILED, "written": "1", "oral": "99"}) == ["way"]


def test_enough_deposits_give_the_lowest_level_to_whom_the_examination_gave_none() -> None:
    assert faults(Level.JUNIOR, Way.DEPOSITS, **FAILED, **ENOUGH) == []
    assert faults(Level.INTERMEDIATE, Way.DEPOSITS, **FAILED, **ENOUGH) == ["level"]
    assert faults(Level.JUNIOR, Way.DEPOSITS, **PASSED, **ENOUGH) == ["way"]
    just_less = {**ENOUGH, "average_deposits": "499.99"}
    assert faults(Level.JUNIOR, Way.DEPOSITS, **FAILED, **just_less) == ["evidence.average_deposits"]


def test_each_way_has_its_figures_and_no_others() -> None:
    assert faults(Level.JUNIOR, Way.EXAMINATION) == ["evidence.written", "evidence.oral", "evidence.pass_mark"]
    assert faults(Level.JUNIOR, Way.DEPOSITS, **FAILED) == ["evidence.average_deposits", "evidence.deposit_threshold"]
    assert faults(Level.JUNIOR, Way.DECISION, written="80") == ["evidence.written"]
    assert faults(Level.JUNIOR, Way.DECISION) == []


def test_only_deposits_give_a_level_for_the_time_being() -> None:
    assert [Qualification(Level.JUNIOR, way, {}).is_provisional for way in Way] == [False, True, False]

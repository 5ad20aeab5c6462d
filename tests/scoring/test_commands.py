"""`kaogong score`, `kaogong rank`, `kaogong scheme check`: scoring without a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.schemes import scheme_data
from workflow.cli.score import check, rank, score

TEN = {"code": "own", "rule": {"kind": "points", "max": 10}}


@pytest.fixture
def scheme_file(tmp_path: Path) -> Path:
    path = tmp_path / "scheme.json"
    consequence = {"code": "talk", "title": "谈话", "bottom": 1, "months": 1, "by": "hr"}
    path.write_text(json.dumps(scheme_data(TEN, total={"max": 10}, consequences=[consequence])), encoding="utf-8")
    return path


def run(command: Any, scheme: Path, data: object, *options: str) -> Result:
    source = scheme.with_name("input.json")
    source.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return CliRunner().invoke(command, ["--scheme", str(scheme), "--input", str(source), *options])


def card(points: object) -> dict[str, Any]:
    return {"period": "2026-10", "inputs": {"own": {"points": points, "reason": "按记录"}}}


def test_a_card_prints_its_result(scheme_file: Path) -> None:
    result = run(score, scheme_file, card("7"))
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert list(printed) == [
        "scheme", "period", "complete", "total", "provisional_total", "grade", "pay", "missing", "sections", "items",
    ]  # fmt: skip
    assert printed["items"][0]["basis"][0] == {
        "step": "given", "values": {"points": "7", "max": "10"}, "text": "给 7 分(满分 10)",
    }  # fmt: skip


def test_an_incomplete_card_is_no_error(scheme_file: Path) -> None:
    result = run(score, scheme_file, {"period": "2026-10"}, "--language", "en")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["missing"] == [
        {"item": "own", "reason": "no_input", "text": "nothing has been put in yet"}
    ]


def test_bases_may_be_left_out(scheme_file: Path) -> None:
    result = run(score, scheme_file, card("7"), "--no-basis")
    assert json.loads(result.stdout)["items"] == [{"code": "own", "points": "7.00"}]


def test_a_json_number_is_as_good_as_its_text(scheme_file: Path) -> None:
    assert json.loads(run(score, scheme_file, card(7)).stdout)["total"] == "7.00"


def test_an_array_gives_an_array_with_errors_in_their_places(scheme_file: Path) -> None:
    result = run(score, scheme_file, [card("7"), card("11"), card("8")])
    assert result.exit_code == 2
    first, second, third = json.loads(result.stdout)
    assert (first["total"], third["total"]) == ("7.00", "8.00")
    assert list(second) == ["error"]
    assert second["error"].startswith("inputs.own.points: must be from 0 to 10")


def test_an_array_without_errors_exits_with_0(scheme_file: Path) -> None:
    result = run(score, scheme_file, [card("7")])
    assert (result.exit_code, len(json.loads(result.stdout))) == (0, 1)
    assert json.loads(run(score, scheme_file, []).stdout) == []


def test_half_a_character_pair_breaks_nothing(scheme_file: Path) -> None:
    result = run(score, scheme_file, card("7") | {"inputs": {"own": {"points": "7", "reason": "\ud800"}}})
    assert result.exit_code == 0
    assert json.loads(result.stdout)["items"][0]["basis"][1]["values"] == {"reason": "\ud800"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (card("11"), "inputs.own.points"),
        ('{"period": "2026-10", "inputs": {"own": {"points": NaN}}}', "inputs.own.points: is not a number"),
        ('{"period": "2026-10", "inputs": {"own": {"points": 1e400}}}', "inputs.own.points: is out of range"),
        ("{", "input.json"),
        ("[" * 100_000, "nested"),
        ("5", "must be a mapping"),
    ],
)
def test_an_invalid_input_exits_with_2_and_says_why(scheme_file: Path, data: object, says: str) -> None:
    result = run(score, scheme_file, data)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_an_invalid_scheme_exits_with_2_and_names_the_path(scheme_file: Path) -> None:
    scheme_file.write_text(json.dumps(scheme_data({"rule": {"kind": "points", "max": 5, "step": 0}})), encoding="utf-8")
    for result in (run(score, scheme_file, card("7")), CliRunner().invoke(check, [str(scheme_file)])):
        assert result.exit_code == 2
        assert "sections[0].items[0].rule.step: must be greater than 0" in result.stderr


def test_a_valid_scheme_is_told_with_its_warnings(scheme_file: Path) -> None:
    result = CliRunner().invoke(check, [str(scheme_file)])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "example: 1 items, valid\n", "")
    scheme_file.write_text(json.dumps(scheme_data(TEN)), encoding="utf-8")
    result = CliRunner().invoke(check, [str(scheme_file)])
    assert result.exit_code == 0
    assert "warning: total.max: can't be reached" in result.stderr


def test_ranks_and_consequences_are_printed_by_period(scheme_file: Path) -> None:
    data = {
        "periods": [{"period": "2026-08", "group": "G1", "totals": {"E1": "5", "E2": 6, "E3": {"absent": "leave"}}}]
    }
    result = run(rank, scheme_file, data)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "periods": [
            {
                "period": "2026-08",
                "group": "G1",
                "ranks": {"E2": 1, "E1": 2},
                "consequences": [{"code": "talk", "subject": "E1"}],
            }
        ]
    }


def test_invalid_periods_exit_with_2(scheme_file: Path) -> None:
    result = run(rank, scheme_file, {"periods": [{"period": "2026-08", "group": "G1", "totals": {"E1": "x"}}]})
    assert result.exit_code == 2
    assert "periods[0].totals.E1: is not a number" in result.stderr

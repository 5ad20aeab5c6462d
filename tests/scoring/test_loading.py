"""Schemes come as YAML or JSON; numbers keep their text, and what could hide something is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from workflow.numbers import NumberText
from workflow.scoring.errors import SchemeError
from workflow.scoring.loading import load_json, load_scheme, load_yaml

YAML = """
code: example
title: 示例
frequency: month
subject: unit
rounding: {step: 0.10}
total: {max: 5}
sections:
  - code: main
    title: 指标
    items:
      - {code: a, title: 甲, rule: {kind: points, max: 5, step: 0.1}}
"""


def test_yaml_numbers_are_exact_and_keep_their_decimals() -> None:
    scheme = load_scheme(YAML)
    assert scheme.rounding.step.as_tuple() == Decimal("0.10").as_tuple()
    assert scheme.to_data()["sections"][0]["items"][0]["rule"]["step"] == "0.1"


def test_json_gives_the_same_scheme() -> None:
    text = (
        '{"code": "example", "title": "示例", "frequency": "month", "subject": "unit", "rounding": {"step": 0.10},'
        '"total": {"max": 5}, "sections": [{"code": "main", "title": "指标", "items": [{"code": "a", "title": "甲",'
        '"rule": {"kind": "points", "max": 5, "step": "0.1"}}]}]}'
    )
    assert load_scheme(text) == load_scheme(YAML)


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text("\ufeff" + YAML, encoding="utf-8")
    assert load_scheme(path).code == "example"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x [1]\nb: *x", "anchors"),
        ("a: 1\na: 2", "repeats the key a"),
        ('{"a": 1, "a": 2}', "repeats the key a"),
        ("1: 2", "must be text"),
        ("? [a]\n: 1", "not text"),
        ("[" * 40 + "]" * 40, "nested"),
        ("a: !!python/object/apply:os.system ['true']", "not valid"),
        ("a: [", "not valid"),
        ('{"a": ', "not valid"),
        ("- a", "mapping"),
        ("", "mapping"),
        ("a: " + "x" * 200_001, "too large"),
    ],
)
def test_what_is_refused_says_why(text: str, says: str) -> None:
    with pytest.raises(SchemeError, match=says):
        load_scheme(text)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_bytes("title: 示例".encode("gb18030"))
    with pytest.raises(SchemeError, match="UTF-8"):
        load_scheme(path)


def test_yaml_knows_texts_numbers_and_switches_alone() -> None:
    data = load_yaml(
        "{a: yes, b: 2026-10-05, c: true, d: ~, e: 1_000, f: 0x10, g: -1.5, h: '5', i: none, j: on, k: 1:30, l: .inf}"
    )
    assert data == {
        "a": "yes", "b": "2026-10-05", "c": True, "d": None, "e": "1_000", "f": "0x10", "g": "-1.5", "h": "5", "i": "none", "j": "on",
        "k": "1:30", "l": ".inf",
    }  # fmt: skip
    assert isinstance(data, dict)
    assert [key for key, value in data.items() if isinstance(value, NumberText)] == ["g"]


def test_json_numbers_keep_their_text() -> None:
    data = load_json('[0.1, 1E400, NaN, 12345678901234567890, "0.1"]')
    assert data == ["0.1", "1E400", "NaN", "12345678901234567890", "0.1"]
    assert [isinstance(value, NumberText) for value in data] == [True, True, True, True, False]


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(SchemeError, match="nested"):
        load_json("[" * 100_000)

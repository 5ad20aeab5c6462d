"""The agreed cases: independently worked out results that every engine must give."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workflow.scoring.card import Card
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.loading import load_json
from workflow.scoring.ranking_input import rank_periods
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

CASES = Path(__file__).parents[1] / "cases"
SCORING = json.loads((CASES / "scoring.json").read_text(encoding="utf-8"))
RANKING = json.loads((CASES / "ranking.json").read_text(encoding="utf-8"))


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.fixture(scope="module")
def scorers() -> dict[str, Scorer]:
    return {data["code"]: compile_scheme(Scheme.from_data(data)) for data in SCORING["schemes"]}


@pytest.mark.parametrize("place", range(len(SCORING["cases"])))
@pytest.mark.parametrize("basis", [True, False])
def test_a_card_scores_as_agreed(place: int, basis: bool, scorers: dict[str, Scorer]) -> None:
    case = SCORING["cases"][place]
    result = scorers[case["scheme"]].score(Card.from_data(case["card"]), basis=basis).to_data(Language.EN, basis=basis)
    expected = case["expected"]
    assert {item["code"]: number(item["points"]) for item in result["items"]} == {
        code: number(points) for code, points in expected["items"].items()
    }
    assert number(result["total"]) == number(expected["total"])
    assert number(result["provisional_total"]) == number(expected["provisional_total"])
    assert [missing["item"] for missing in result["missing"]] == expected["missing"]
    assert result["grade"] == expected["grade"]


@pytest.mark.parametrize("place", range(len(RANKING["cases"])))
def test_ranks_and_consequences_are_as_agreed(place: int) -> None:
    case: dict[str, Any] = load_json((CASES / "ranking.json").read_text(encoding="utf-8"))["cases"][place]
    result = rank_periods(Scheme.from_data(RANKING["scheme"]), case["input"])
    for period, expected in zip(result["periods"], case["expected"], strict=True):
        assert period["ranks"] == {subject: int(rank) for subject, rank in expected["ranks"].items()}
        proposed = {(one["code"], one["subject"]) for one in period["consequences"]}
        assert proposed == {(code, subject) for code, subject in expected["consequences"]}

"""The schemes of the source documents, as the specification tests score by them."""

from functools import cache
from pathlib import Path
from typing import Any

from workflow.scoring.card import Card
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.loading import load_scheme
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

SCHEMES = Path(__file__).parents[2] / "schemes"
NO_PROBLEM = ()


@cache
def scorer_of(code: str) -> Scorer:
    """The compiled scheme of that code."""
    return compile_scheme(load_scheme(SCHEMES / f"{code}.yaml"))


def scheme_of(code: str) -> Scheme:
    """The scheme of that code."""
    return scorer_of(code).scheme


def result_of(code: str, inputs: dict[str, Any], history: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """What a card of October 2026 gives, as `kaogong score` prints it."""
    data = {"period": "2026-10", "inputs": inputs, "history": history or {}} | more
    return scorer_of(code).score(Card.from_data(data)).to_data(Language.ZH)


def totals_of(
    code: str, inputs: dict[str, Any], history: dict[str, Any] | None = None
) -> tuple[str | None, str | None]:
    """Total and grade."""
    result = result_of(code, inputs, history)
    return result["total"], result["grade"]


def recorded(*points: object) -> dict[str, Any]:
    """Written additions and deductions of free amounts."""
    return {"adjustments": [{"on": "2026-10-15", "reason": "记录", "points": str(amount)} for amount in points]}


def counted(*counts: int) -> dict[str, Any]:
    """Written occurrences."""
    return {"adjustments": [{"on": "2026-10-15", "reason": "记录", "count": count} for count in counts]}

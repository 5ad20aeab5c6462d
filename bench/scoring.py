"""Scoring without bases against straight-line Python for the same scheme: figures as ratios, taken in one run."""

import json
import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from workflow.scoring.card import Card
from workflow.scoring.engine import Scorer
from workflow.scoring.loading import load_scheme
from workflow.wording import Language

SCHEME = Path(__file__).resolve().parents[1] / "schemes" / "customer-department.yaml"
CARDS = 1_000
ROUNDS = 7
LEVELS = {"优秀": Decimal(5), "良好": Decimal(3), "一般": Decimal(1), "差": Decimal(0)}
RATED = [
    "survey",
    "development",
    "development-plan",
    "information-base",
    "performance-management",
    "credit",
    "service-plan",
    "complaints",
]
MEASURED = {"churn": -1, "growth": 1, "complaint-satisfaction": 1}
STEP = Decimal("0.01")


def some_cards() -> list[dict[str, Any]]:
    """Complete cards, the same in every run; every baseline is set by hand."""
    chance = random.Random(2026)  # noqa: S311 — figures, not secrets
    return [
        {
            "period": "2026-10",
            "inputs": {item: {"level": chance.choice(list(LEVELS))} for item in RATED}
            | {
                item: {"value": percent(chance), "baseline": percent(chance), "reason": "既定基数"} for item in MEASURED
            },
        }
        for _ in range(CARDS)
    ]


def percent(chance: random.Random) -> str:
    """A rate of one decimal place."""
    return str(Decimal(chance.randrange(0, 300)) / 10)


def straight(card: dict[str, Any]) -> str:
    """The scheme written out by hand, with the same exact numbers: what Python can do at best."""
    inputs = card["inputs"]
    total = Decimal(0)
    for item in RATED:
        total += LEVELS[inputs[item]["level"]].quantize(STEP, ROUND_HALF_UP)
    for item, better in MEASURED.items():
        moved = (Decimal(inputs[item]["value"]) - Decimal(inputs[item]["baseline"])) * better
        steps = int(abs(moved))
        points = 15 + (steps if moved > 0 else -steps)
        total += Decimal(max(0, min(20, points))).quantize(STEP, ROUND_HALF_UP)
    return str(max(Decimal(0), min(Decimal(100), total)))


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> None:
    """Measure, interleaved, and print one line; fails if both ways do not agree."""
    scorer = Scorer(load_scheme(SCHEME.read_text(encoding="utf-8")))
    data = some_cards()
    cards = [Card.from_data(each) for each in data]

    def by_hand() -> list[str]:
        return [straight(each) for each in data]

    def by_engine() -> list[str | None]:
        return [scorer.score(each, basis=False).to_data(Language.ZH, basis=False)["total"] for each in cards]

    assert by_engine() == by_hand(), "the engine and the hand-written scheme differ"  # noqa: S101 — broken, not slow
    pairs = [(seconds(by_hand), seconds(by_engine)) for _ in range(ROUNDS)]
    hand, engine = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    items = CARDS * (len(RATED) + len(MEASURED))
    figure = {
        "figure": "scoring",
        "items_per_second": round(items / engine),
        "of_straight_line_python": round(hand / engine, 3),
    }
    print(json.dumps(figure))


if __name__ == "__main__":
    main()

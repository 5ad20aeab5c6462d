"""Scoring without bases against straight-line Python for the same schemes: 100,000 different cards of each."""

import gc
import json
import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from time import process_time
from typing import Any, TypeVar

from workflow.scoring.card import Card
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.loading import load_scheme
from workflow.wording import Language

SCHEMES = Path(__file__).resolve().parents[1] / "schemes"
CARDS = 100_000
AT_ONCE = 5_000
"""So many cards are made, scored both ways and let go again, so that memory stays small."""

LEVELS = {"优秀": Decimal(5), "良好": Decimal(3), "一般": Decimal(1), "差": Decimal(0)}
RATED = (
    "survey",
    "development",
    "development-plan",
    "information-base",
    "performance-management",
    "credit",
    "service-plan",
    "complaints",
)
MEASURED = ("churn", "growth", "complaint-satisfaction")
LEDGERS = (("processing", 40, 15), ("quality", 40, 0), ("floor", 15, 0), ("satisfaction", 5, 5))
CENT, WHOLE = Decimal("0.01"), Decimal(1)

Json = dict[str, Any]
T = TypeVar("T")


def department_card(chance: random.Random) -> Json:
    """A complete card of the customer department with a year of history."""
    months = [f"2025-{month:02}" for month in range(1, 13)]
    return {
        "period": "2026-01",
        "inputs": {item: {"level": chance.choice(list(LEVELS))} for item in RATED}
        | {item: {"value": percent(chance)} for item in MEASURED},
        "history": {item: {month: percent(chance) for month in months} for item in MEASURED},
    }


def agent_card(chance: random.Random) -> Json:
    """A complete card of an agent with up to four written entries for each item."""
    return {"period": "2026-01", "inputs": {item: {"adjustments": entries(chance)} for item, _, _ in LEDGERS}}


def entries(chance: random.Random) -> list[Json]:
    """Additions and deductions as they are written down."""
    return [
        {
            "on": f"2026-01-{chance.randint(1, 28):02}",
            "reason": "记录",
            "points": str(chance.choice((-3, -2, -1, 1, 2))),
        }
        for _ in range(chance.randint(0, 4))
    ]


def percent(chance: random.Random) -> str:
    """A rate of two decimals."""
    return str(Decimal(chance.randrange(100, 900)) / 100)


def department_by_hand(card: Json) -> str:
    """The scheme of the customer department written out, with the same exact numbers: what Python can do at best."""
    inputs, history, period = card["inputs"], card["history"], card["period"]
    rated = Decimal(0)
    for item in RATED:
        rated += LEVELS[inputs[item]["level"]].quantize(CENT, ROUND_HALF_UP)
    lowest = min(Decimal(value) for month, value in history["churn"].items() if month < period)
    highest = max(Decimal(value) for month, value in history["complaint-satisfaction"].items() if month < period)
    better = (
        lowest - Decimal(inputs["churn"]["value"]),
        Decimal(inputs["growth"]["value"]) - Decimal(history["growth"]["2025-12"]),
        Decimal(inputs["complaint-satisfaction"]["value"]) - highest,
    )
    measured = Decimal(0)
    for moved in better:
        steps = int(abs(moved))
        points = 15 + (steps if moved > 0 else -steps)
        measured += Decimal(max(0, min(20, points))).quantize(CENT, ROUND_HALF_UP)
    return str(max(Decimal(0), min(Decimal(100), min(Decimal(40), rated) + min(Decimal(60), measured))))


def agent_by_hand(card: Json) -> str:
    """The scheme of the card agents written out."""
    total = Decimal(0)
    for item, start, most in LEDGERS:
        added = taken = Decimal(0)
        for entry in card["inputs"][item]["adjustments"]:
            points = Decimal(entry["points"])
            if points > 0:
                added += points
            else:
                taken -= points
        total += max(Decimal(0), start + min(added, Decimal(most)) - taken).quantize(WHOLE, ROUND_HALF_UP)
    return str(max(Decimal(0), min(Decimal(120), total)))


def seconds(work: Callable[[], T]) -> tuple[float, T]:
    """How much processor time one call takes, and what it gives."""
    gc.collect()
    start = process_time()
    given = work()
    return process_time() - start, given


def measure(code: str, make: Callable[[random.Random], Json], straight: Callable[[Json], str]) -> Json:
    """Score the same cards both ways, lot by lot; an AssertionError where the two do not agree on a card."""
    chance = random.Random(2026)  # noqa: S311 - figures, not secrets
    scorer = compile_scheme(load_scheme(SCHEMES / f"{code}.yaml"))
    spent = []
    for _ in range(CARDS // AT_ONCE):
        cards = [make(chance) for _ in range(AT_ONCE)]
        hand, expected = seconds(lambda: [straight(card) for card in cards])  # noqa: B023 - called at once
        engine, totals = seconds(lambda: [_total(scorer, card) for card in cards])  # noqa: B023 - called at once
        assert list(map(Decimal, expected)) == [Decimal(total or "NaN") for total in totals]  # noqa: S101 - broken, not slow
        spent.append((hand, engine))
    by_hand, by_engine = (sum(each) for each in zip(*spent, strict=True))
    return {
        "figure": "scoring",
        "scheme": code,
        "cards": CARDS,
        "cards_per_second": round(CARDS / by_engine),
        "of_straight_line_python": round(by_hand / by_engine, 3),
        "lowest_of_a_lot": round(min(hand / engine for hand, engine in spent), 3),
    }


def _total(scorer: Scorer, card: Json) -> str | None:
    total: str | None = scorer.score(Card.from_data(card), basis=False).to_data(Language.ZH, basis=False)["total"]
    return total


if __name__ == "__main__":
    print(json.dumps(measure("customer-department", department_card, department_by_hand)))
    print(json.dumps(measure("csr-card", agent_card, agent_by_hand)))

"""Chance that is always the same: what an item comes to for a subject in a period, however the story around it changes."""

from random import Random

from workflow.scoring.periods import Period

BEST = 100
"""The most that a share in percent or a mark can be."""


def chance_of(period: Period, subject: str, item: str) -> Random:
    """Give the chance of one item, which leaves that of the month as it is."""
    return Random(f"{period.label} {subject} {item}")  # noqa: S311 — a story told the same way each time


def around(chance: Random, middle: float, spread: float, places: int = 0) -> str:
    """Draw a value around a middle, of at most 100 and at least nothing."""
    return f"{max(0, min(BEST, chance.gauss(middle, spread))):.{places}f}"

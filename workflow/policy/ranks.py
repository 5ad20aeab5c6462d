"""Who is told which ranks: by role those of the units in scope, as the appraised person what the plan discloses."""

from collections.abc import Mapping
from typing import Final

from workflow.policy.actions import Action
from workflow.policy.facts import Actor
from workflow.policy.units import decide_unit

NOTHING, OWN_RANK, TOP_N, EVERYTHING = "none", "own-rank", "top-n", "all"
TOP: Final = 3
"""How many places `top-n` discloses to the others of a group."""

_OTHERS_DOWN_TO: Mapping[str, float] = {NOTHING: 0, OWN_RANK: 0, TOP_N: TOP, EVERYTHING: float("inf")}


def tells_own_rank(disclosure: str) -> bool:
    """Whether the plan tells people their own rank."""
    return disclosure != NOTHING


def tells_others(disclosure: str, rank: int | None) -> bool:
    """Whether the plan tells everybody in a group who came in this place of it."""
    return rank is not None and rank <= _OTHERS_DOWN_TO[disclosure]


def sees_rank(actor: Actor, disclosure: str, unit_path: str) -> bool:
    """Whether the rank is shown to somebody who sees the published card."""
    return tells_own_rank(disclosure) or decide_unit(actor, Action.RANKING_SEE, unit_path) is None

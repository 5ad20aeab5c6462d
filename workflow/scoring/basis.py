"""The basis of an item's points: ordered steps from input to points, kept as values and said in a language when read."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from workflow.numbers import plain
from workflow.scoring.basis_wording import STEP_WORDING, VALUE_WORDING
from workflow.wording import Language


class BasisStep(NamedTuple):
    """One step: its name, and its values as plain data (decimals as text), which are stored and signed."""

    step: str
    values: Mapping[str, Any]


class Trace:
    """Collects the steps of one item while it is scored; `unit` is the item's unit, shown and never computed with."""

    __slots__ = ("steps", "unit")

    def __init__(self, unit: str = "") -> None:
        self.unit = unit
        self.steps: list[BasisStep] = []

    def add(self, step: str, /, **values: object) -> None:
        """Note a step; numbers become text, values that are None are left out."""
        self.steps.append(BasisStep(step, {key: _plain(value) for key, value in values.items() if value is not None}))

    def add_source(self, source: str | None) -> None:
        """Note who or which record supplied the input, where the caller tells it."""
        if source is not None:
            self.add("source", source=source)


def _plain(value: object) -> object:
    return plain(value) if isinstance(value, Decimal | Fraction) else value


def render_basis(steps: Iterable[BasisStep | Mapping[str, Any]], language: Language) -> list[dict[str, Any]]:
    """The steps as `{step, values, text}`, the text in the reader's language; stored steps may be plain mappings."""
    return [_rendered(*_parts(step), language) for step in steps]


def _parts(step: BasisStep | Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    return (step.step, step.values) if isinstance(step, BasisStep) else (step["step"], step["values"])


def _rendered(step: str, values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A step whose values hold `how` has one sentence for each way."""
    phrase = STEP_WORDING[f"{step}.{values['how']}" if "how" in values else step]
    words = {key: _worded(key, value, language) for key, value in values.items()}
    return {"step": step, "values": dict(values), "text": phrase.say(language, **words)}


def _worded(key: str, value: object, language: Language) -> object:
    names = VALUE_WORDING.get(key, {})
    return names[str(value)].say(language) if str(value) in names else value

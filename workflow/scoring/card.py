"""A card as it is put in, and what comes out: the outcome of an item, the totals, the scorecard."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from workflow.scoring.basis import BasisStep
from workflow.scoring.errors import InputError
from workflow.scoring.inputs import day_at, mapping, present, text_at
from workflow.scoring.missing import Missing
from workflow.scoring.parts import IS_REQUIRED, MUST_BE_LIST, MUST_BE_ONE_OF
from workflow.scoring.periods import Period, PeriodError, read_label
from workflow.scoring.rules.base import NOTHING

CARD_KEYS = frozenset({"period", "level", "inputs", "history", "vetoes", "attendance", "bonus_base"})
VETO_KEYS = frozenset({"code", "on", "reason"})


class ItemOutcome(NamedTuple):
    """Points of an item, or the reason why there are none; neither of both: the item is not applicable."""

    points: Decimal | None
    missing: Missing | None
    basis: tuple[BasisStep, ...] = ()

    @property
    def is_not_applicable(self) -> bool:
        """Whether the item was left out with a reason."""
        return self.points is None and self.missing is None


class SectionTotal(NamedTuple):
    """Points of a section; `scaling` is what leaving out items that are not applicable added, as a line of its own."""

    code: str
    points: Decimal
    scaling: Decimal | None = None


class VetoEffect(NamedTuple):
    """What a veto did: the total it cut to and the grade it set, None where it changed neither."""

    code: str
    total_max: Decimal | None
    grade: str | None


class Totals(NamedTuple):
    """The sums of a card. `total` and `grade` are None while anything is missing; `provisional_total` always stands."""

    sections: tuple[SectionTotal, ...]
    total: Decimal | None
    provisional_total: Decimal
    complete: bool
    missing: tuple[tuple[str, Missing], ...]
    grade: str | None
    vetoes: tuple[VetoEffect, ...] = ()


class VetoRecord(NamedTuple):
    """A veto as it was written down."""

    code: str
    on: str
    reason: str

    @classmethod
    def read(cls, data: object, known: Sequence[str]) -> "VetoRecord":
        """Read one record; an unknown code or a missing field raises InputError."""
        fields = present(mapping(data), VETO_KEYS)
        code = text_at(fields, "code")
        if code not in known:
            raise InputError("code", MUST_BE_ONE_OF, choices=" / ".join(known) or "∅")
        return cls(code, day_at(fields, "on"), text_at(fields, "reason"))


class Card(NamedTuple):
    """What is put in for one subject and period; inputs and history by item code, not yet checked against a scheme."""

    period: Period
    inputs: Mapping[str, Any] = NOTHING
    history: Mapping[str, Any] = NOTHING
    vetoes: Sequence[Any] = ()
    level: str | None = None
    attendance: Any = None
    bonus_base: Any = None
    sources: Mapping[str, str] = NOTHING

    @classmethod
    def from_data(cls, data: object) -> "Card":
        """Read the JSON structure of `kaogong score`; raises InputError."""
        fields = mapping(data)
        if not fields.keys() <= CARD_KEYS:
            fields = present(fields, CARD_KEYS)
        level, vetoes = fields.get("level"), fields.get("vetoes")
        inputs, history = fields.get("inputs"), fields.get("history")
        if vetoes is not None and not isinstance(vetoes, list | tuple):
            raise InputError("vetoes", MUST_BE_LIST)
        return cls(
            read_period(fields.get("period")),
            NOTHING if inputs is None else mapping(inputs, "inputs"),
            NOTHING if history is None else mapping(history, "history"),
            vetoes or (),
            None if level is None else text_at(fields, "level"),
            fields.get("attendance"),
            fields.get("bonus_base"),
        )


def read_period(label: object) -> Period:
    """The card's period; raises InputError."""
    if label is None:
        raise InputError("period", IS_REQUIRED)
    try:
        return read_label(label)
    except PeriodError as error:
        raise InputError("period", error.phrase) from None

"""Labels of periods in queries: how often each is, and which one ends last."""

from typing import Any

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import InstrumentedAttribute

from workflow.scoring.periods import Frequency

_Label = ColumnElement[str] | InstrumentedAttribute[str]
_LAST_MONTHS = {"Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12", "H1": "06", "H2": "12"}


def frequency_of(label: _Label) -> ColumnElement[str]:
    """Say how often the periods of a column are, such as `month` of `2026-10`."""
    return _by_kind(label, {each: each.value for each in Frequency})


def by_end(label: _Label) -> ColumnElement[str]:
    """Give what sorts periods by their last day, and of those that end on one day the longer one last."""
    year = func.substr(label, 1, 5)
    last_month = case(_LAST_MONTHS, value=func.substr(label, 6, 2), else_="")
    return _by_kind(
        label,
        {
            Frequency.DAY: label,
            Frequency.MONTH: label + "-32",
            Frequency.QUARTER: year + last_month + "-33",
            Frequency.HALF_YEAR: year + last_month + "-34",
            Frequency.YEAR: label + "-12-35",
        },
    )


def _by_kind(label: _Label, values: dict[Frequency, Any]) -> ColumnElement[str]:
    length, kind = func.length(label), func.substr(label, 6, 1)
    return case(
        (length == len("2026-10-13"), values[Frequency.DAY]),
        (length == len("2026"), values[Frequency.YEAR]),
        (kind == "Q", values[Frequency.QUARTER]),
        (kind == "H", values[Frequency.HALF_YEAR]),
        else_=values[Frequency.MONTH],
    )

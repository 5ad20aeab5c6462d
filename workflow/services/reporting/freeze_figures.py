"""The figures of a report as they stood: frozen as plain data that names cards by their ids, and read again from it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow.models.plans import Plan
from workflow.models.rankings import Ranking
from workflow.records.canonical import plain
from workflow.services.ranking import rank
from workflow.services.ranking.look_up_ranks import Line, Subject, lines_of, ranks_before, subject_of
from workflow.services.reporting import plan_report
from workflow.services.reporting.plan_report import Band, ItemAverage, SchemeReport

Frozen = dict[str, Any]
"""Plain data as a document keeps it: decimals and ids as text."""

_SCHEME = ("scheme", "title", "cards_before", "average", "before", "highest", "lowest")
_ITEM = ("code", "title", "full", "average", "before", "cards", "cards_before")
_GROUP = ("family", "within", "code", "title", "number", "state")
_LINE = ("rank", "total", "grade", "absence", "before")
_DECIMAL = frozenset({"average", "before", "highest", "lowest", "full", "total"})


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """Where a card came in its ranking, or why nowhere; `before` is the rank of the period before."""

    card_id: int
    rank: int | None
    total: Decimal | None
    grade: str | None
    absence: str | None
    before: int | None


@dataclass(frozen=True, slots=True)
class FrozenGroup:
    """The ranking of one group in the version `number`, best first."""

    family: str
    within: str
    code: str
    title: str
    number: int
    state: str
    lines: tuple[FrozenLine, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan's published cards said together at one moment."""

    schemes: tuple[SchemeReport, ...]
    groups: tuple[FrozenGroup, ...]


def freeze(plan: Plan, unit_path: str) -> Frozen:
    """Give the figures of a whole plan as they are now; the same figures give the same data."""
    lines, before = lines_of(plan), ranks_before(plan)
    return {
        "schemes": [_scheme(each) for each in plan_report.figures_of(plan, unit_path)],
        "groups": [_group(each, lines[each.id], before) for each in rank.newest_of(plan.id).values()],
    }


def thaw(frozen: Frozen) -> Figures:
    """Read figures as they were frozen."""
    return Figures(
        schemes=tuple(_read_scheme(each) for each in frozen["schemes"]),
        groups=tuple(_read_group(each) for each in frozen["groups"]),
    )


def _scheme(found: SchemeReport) -> Frozen:
    return {
        **{name: plain(getattr(found, name)) for name in _SCHEME},
        "cards": [str(each) for each in found.card_ids],
        "distribution": [[each.least, each.cards] for each in found.distribution],
        "grades": [[name, count] for name, count in found.grades],
        "items": [{name: plain(getattr(each, name)) for name in _ITEM} for each in found.items],
    }


def _group(ranking: Ranking, lines: list[Line], before: dict[Subject, int]) -> Frozen:
    names = {"code": ranking.group_code, "title": ranking.group_title}
    return {
        **{name: names.get(name) or plain(getattr(ranking, name)) for name in _GROUP},
        "lines": [_line(each, before.get(subject_of(ranking, each.card))) for each in lines],
    }


def _line(line: Line, before: int | None) -> Frozen:
    said = {"before": before, **{name: getattr(line.entry, name) for name in _LINE if name != "before"}}
    return {"card": str(line.card.id), **{name: plain(said[name]) for name in _LINE}}


def _read(row: Frozen, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(name, row[name]) for name in names}


def _value(name: str, told: Any) -> Any:
    return Decimal(told) if name in _DECIMAL and isinstance(told, str) else told


def _read_scheme(row: Frozen) -> SchemeReport:
    return SchemeReport(
        **_read(row, _SCHEME),
        card_ids=tuple(int(each) for each in row["cards"]),
        distribution=tuple(Band(*each) for each in row["distribution"]),
        grades=tuple((name, count) for name, count in row["grades"]),
        items=tuple(ItemAverage(**_read(each, _ITEM)) for each in row["items"]),
    )


def _read_group(row: Frozen) -> FrozenGroup:
    lines = tuple(FrozenLine(card_id=int(each["card"]), **_read(each, _LINE)) for each in row["lines"])
    return FrozenGroup(**_read(row, _GROUP), lines=lines)

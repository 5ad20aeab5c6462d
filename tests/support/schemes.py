"""Schemes for the tests of scoring: as short as can be around the rule at hand."""

from collections.abc import Mapping
from typing import Any

from workflow.scoring.basis import render_basis
from workflow.scoring.card import Card, ItemOutcome
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.periods import Period
from workflow.scoring.rules.base import ItemContext
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

OCTOBER = Period.parse("2026-10")


def scheme_data(*items: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A scheme of one section with the given items, each told apart by its place where it has no code."""
    named = [{"code": f"item-{place}", "title": "指标"} | dict(item) for place, item in enumerate(items, 1)]
    data: dict[str, Any] = {
        "code": "example",
        "title": "示例",
        "frequency": "month",
        "subject": "person",
        "total": {"min": 0, "max": 1000},
        "sections": [{"code": "main", "title": "指标", "items": named}],
    }
    return data | changes


def scorer_for(*items: Mapping[str, Any], **changes: Any) -> Scorer:
    """The compiled scheme of `scheme_data`."""
    return compile_scheme(Scheme.from_data(scheme_data(*items, **changes)))


def outcome_of(rule: Mapping[str, Any], data: object, **context: Any) -> ItemOutcome:
    """What a rule makes of one input in October 2026, with the basis."""
    return scorer_for({"code": "only", "rule": rule}).score_item("only", data, ItemContext(period=OCTOBER, **context))


def points_of(rule: Mapping[str, Any], data: object, **context: Any) -> str | None:
    """The points as text; without a basis the same comes out, which is checked on the way."""
    scorer = scorer_for({"code": "only", "rule": rule})
    outcome = scorer.score_item("only", data, ItemContext(period=OCTOBER, **context))
    plainly = scorer.score_item("only", data, ItemContext(period=OCTOBER, **context), basis=False)
    assert plainly[:2] == outcome[:2]
    return None if outcome.points is None else str(outcome.points)


def sentences(outcome: ItemOutcome, language: Language = Language.ZH) -> list[str]:
    """The basis as the reader sees it."""
    return [step["text"] for step in render_basis(outcome.basis, language)]


def card(inputs: Mapping[str, Any], **more: Any) -> Card:
    """A card of October 2026."""
    return Card.from_data({"period": "2026-10", "inputs": inputs, **more})

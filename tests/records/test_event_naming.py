"""What people call events: everything that a use case or the machine of a life cycle does has a name."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from config import ROOT
from workflow import lifecycle
from workflow.records.event_naming import name_of_event
from workflow.records.naming import KIND_NAMES

SERVICES = ROOT / "workflow" / "services"
RECORD = {"create", "change", "restate"}
"""The calls that record an event, their second argument."""


def recorded(path: Path) -> Iterator[str]:
    """The events that a module writes out in full where it records them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RECORD:
            event = node.args[1] if len(node.args) > 1 else None
            if isinstance(event, ast.Constant) and isinstance(event.value, str) and "." in event.value:
                yield event.value


def triggers() -> Iterator[str]:
    """The triggers of every life cycle that has some."""
    for module in iter_modules(lifecycle.__path__, "workflow.lifecycle."):
        found = getattr(import_module(module.name), "Trigger", None)
        if isinstance(found, type) and issubclass(found, StrEnum):
            yield from found


def test_every_event_that_is_recorded_has_a_name() -> None:
    events = {event for path in SERVICES.rglob("*.py") for event in recorded(path)}
    assert len(events) > 30
    assert sorted(event for event in events if name_of_event(event) is None) == []


def test_every_trigger_of_a_life_cycle_has_a_name() -> None:
    assert sorted({trigger for trigger in triggers() if name_of_event(trigger) is None}) == []


@pytest.mark.parametrize(("event", "name"), [("rate.correct", "更正"), ("payroll.correct", "补记差额")])
def test_a_verb_is_named_by_what_it_means_for_the_kind(event: str, name: str) -> None:
    phrase = name_of_event(event)
    assert phrase is not None
    assert phrase.zh == name
    assert event.partition(".")[0] in KIND_NAMES

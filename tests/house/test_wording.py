"""Whatever a person reads exists in Chinese and in English, with the same named places."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

import workflow
from config import ROOT
from tests.support.tree import place, tracked
from workflow.errors import ErrorCode, Reason
from workflow.lifecycle import action_item, appeal, improvement, plan, query
from workflow.policy.schemes import SchemeState, SchemeTrigger
from workflow.policy.vocabulary import Meaning, Role, State, Trigger
from workflow.scoring.missing import Missing
from workflow.scoring.terms import Absence
from workflow.services.plans.maintain_calendar import DayKind
from workflow.wording import Phrase

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHOWN = [
    ErrorCode, Reason, Role, Meaning, State, Trigger, plan.State, plan.Trigger, action_item.State, action_item.Trigger,
    query.State, query.Trigger, appeal.State, appeal.Trigger, improvement.State, improvement.Trigger, DayKind, SchemeState, SchemeTrigger, Missing, Absence,
]  # fmt: skip


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(workflow.__path__, "workflow."):
        yield importlib.import_module(found.name)


def tables() -> dict[str, Mapping[Enum, Phrase]]:
    """Every open table of the package that gives values of an enumeration their phrases; a private one may be partial."""
    return {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, Mapping)
        and value
        and not name.startswith("_")
        and all(isinstance(key, Enum) and isinstance(phrase, Phrase) for key, phrase in value.items())
    }


@pytest.mark.parametrize("shown", SHOWN, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_every_value_that_is_shown_has_words(shown: type[Enum]) -> None:
    complete = [name for name, table in tables().items() if set(table) == set(shown)]
    assert complete, f"no table of phrases holds every {shown.__name__}"


def test_a_table_of_phrases_leaves_no_value_out() -> None:
    gaps = {name: set(type(next(iter(table)))) - set(table) for name, table in tables().items()}
    assert {name: missing for name, missing in gaps.items() if missing} == {}


def phrases(path: Path) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Phrase" and len(node.args) == 2:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if len(texts) == 2:
                yield node.lineno, texts[0], texts[1]


def places(text: str) -> set[str]:
    """The named places, but for those that hold a word of the sentence's own language."""
    named = {name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}
    return named - {"zh", "en"}


def words(text: str) -> str:
    return "".join(literal for literal, _, _, _ in Formatter().parse(text))


@pytest.mark.parametrize("path", [*tracked("workflow/*.py"), ROOT / "config.py"], ids=place)
def test_a_phrase_is_chinese_and_english_with_the_same_places(path: Path) -> None:
    for line, chinese, english in phrases(path):
        where = f"{place(path)}:{line}"
        assert bool(chinese.strip()) == bool(english.strip()), where
        assert places(chinese) == places(english), where
        spoken = re.search(r"[a-z]{2}", words(english))
        assert CHINESE.search(chinese) or not spoken or chinese == english, where

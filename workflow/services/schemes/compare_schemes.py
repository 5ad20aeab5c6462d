"""What differs between two versions of a scheme, item by item."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.policy import Actor
from workflow.scoring.scheme import Item, Scheme
from workflow.services.schemes import look_up_schemes

BY_CODE = ("code", "name")
"""The keys that name the parts of a list."""


class Kind(StrEnum):
    """How an item differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One value: where it stands (`rule.step`, `grades.优秀.from`), and as text before and after; empty where it is not."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """One item that differs; `before` and `after` are None where the version does not have it."""

    code: str
    title: str
    kind: Kind
    before: Item | None
    after: Item | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeDifference:
    """What differs: items in the order of the later version, then those it dropped; and all else of the scheme."""

    items: tuple[ItemDifference, ...]
    others: tuple[Change, ...]


def compare_versions(actor: Actor, code: str, before: int, after: int) -> SchemeDifference:
    """Compare two versions of a scheme; raises Refusal for one that is not there or may not be seen."""
    old, new = (look_up_schemes.find_version(actor, code, number).scheme for number in (before, after))
    return compare(old, new)


def compare(before: Scheme, after: Scheme) -> SchemeDifference:
    """Compare two schemes: their items by code, wherever they stand, and everything beside the items."""
    was, now = _items(before), _items(after)
    codes = [*now, *(code for code in was if code not in now)]
    items = tuple(found for code in codes if (found := _item(code, was.get(code), now.get(code))) is not None)
    return SchemeDifference(items, tuple(_changes("", _beside_items(before), _beside_items(after))))


def _items(scheme: Scheme) -> dict[str, tuple[str, Item]]:
    """Give the items by code, each with its section."""
    return {item.code: (section.code, item) for section in scheme.sections for item in section.items}


def _item(code: str, before: tuple[str, Item] | None, after: tuple[str, Item] | None) -> ItemDifference | None:
    if after is None:
        return None if before is None else ItemDifference(code, before[1].title, Kind.REMOVED, before[1], None)
    if before is None:
        return ItemDifference(code, after[1].title, Kind.ADDED, None, after[1])
    changes = tuple(_changes("", _told(*before), _told(*after)))
    return ItemDifference(code, after[1].title, Kind.CHANGED, before[1], after[1], changes) if changes else None


def _told(section: str, item: Item) -> dict[str, Any]:
    return {"section": section, **item.to_data()}


def _beside_items(scheme: Scheme) -> dict[str, Any]:
    data = scheme.to_data()
    sections = [{key: value for key, value in each.items() if key != "items"} for each in data["sections"]]
    return {**data, "sections": sections}


def _changes(path: str, before: Any, after: Any) -> Iterator[Change]:
    """Walk two structures side by side and give each value that differs."""
    before, after = _by_name(before), _by_name(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _changes(f"{path}.{key}" if path else str(key), before.get(key), after.get(key))
    elif before != after:
        yield Change(path, _text(before), _text(after))


def _by_name(value: Any) -> Any:
    """Give a list of named parts by their names, so that one that moves in the list is the same still."""
    if not isinstance(value, list) or not value or not all(isinstance(each, Mapping) for each in value):
        return value
    key = next((key for key in BY_CODE if all(key in each for each in value)), None)
    return value if key is None else {each[key]: each for each in value}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

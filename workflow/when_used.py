"""Modules that take long to import and that few ever need: each is imported when it is first used, by whoever uses it.

Where the types are checked they are imported as any other: `if TYPE_CHECKING: from a import b; else: b = WhenUsed("a.b")`.
"""

from importlib import import_module
from typing import Any


class WhenUsed:
    """Stands for a module by its name; looking at anything in it imports it, in many threads no more than once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)

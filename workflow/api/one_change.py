"""A PATCH that changes one thing at a time: the fields it carries say which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.api.reading import refuse_invalid
from workflow.errors import FieldError
from workflow.wording import Phrase

ONE_THING = Phrase(
    "一次改一项,字段须为其中一组:{groups}", "change one thing at a time, by the fields of one group: {groups}"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that can change: the fields it needs, those it may carry, and the use case that takes them by name."""

    act: Callable[..., Any]
    needs: frozenset[str]
    may: frozenset[str] = frozenset()


def choose(entered: Mapping[str, Any], changes: Sequence[Change]) -> Callable[..., Any]:
    """Give the use case whose fields were sent; raises Refusal where they fit none."""
    fitting = [each.act for each in changes if each.needs <= entered.keys() <= each.needs | each.may]
    if not fitting:
        groups = " | ".join("+".join(sorted(change.needs)) for change in changes)
        refuse_invalid(FieldError("", ONE_THING, {"groups": groups}))
    return fitting[0]

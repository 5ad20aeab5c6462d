"""What every route declares: who may call it, what is asked before a wrong body is refused, whether answers are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from workflow.policy import Action

ATTRIBUTE = "declared"

View = TypeVar("View", bound=Callable[..., Any])
Guard = Callable[..., None]
"""Takes the places of the address; raises the Refusal that comes before `invalid`: not found, forbidden, no version."""


class Access(Enum):
    """Routes that ask for no role."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed-in"
    FIRST_PASSWORD = "first-password"  # noqa: S105 — signed in, even while a first password has not been changed


class Keeping(Enum):
    """How a repeated Idempotency-Key is answered."""

    NOT = "not"
    WHOLE = "whole"
    BY_CARD = "by-card"  # a batch, whose use case looks for what each of its cards was answered before


@dataclass(frozen=True, slots=True)
class Declared:
    """A route's policy: the action that its service asks policy for, or that it asks for no role."""

    policy: Action | Access
    guard: Guard | None = None
    keeps: Keeping = Keeping.WHOLE


def declares(
    policy: Action | Access, *, guard: Guard | None = None, keeps: Keeping = Keeping.WHOLE
) -> Callable[[View], View]:
    """Declare a view's policy; the first request to a view that declares none fails, and so does a test."""

    def decorate(view: View) -> View:
        setattr(view, ATTRIBUTE, Declared(policy, guard, keeps))
        return view

    return decorate


def declared_of(view: Callable[..., Any]) -> Declared:
    """Give what a view declares; raises AttributeError for one that declares nothing."""
    found: Declared = getattr(view, ATTRIBUTE)
    return found

"""What cards and scheme versions share: a refusal of changed content, and which signatures a return takes back."""

from collections.abc import Callable
from typing import Protocol

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Facts, MoveRequest
from workflow.policy import Meaning, StandingSignature

LEAST_RETURN_REASON = 5
"""Characters that the reason of a return needs (source: lifecycle.md, Scorecard)."""


class Signed(Facts, Protocol):
    """The facts of what is signed."""

    @property
    def signatures(self) -> tuple[StandingSignature, ...]:
        """The standing signatures, oldest first."""


def same_content(_facts: Facts, request: MoveRequest) -> Denied | None:
    """Refuse a signature on content that no longer has the digest of the last one."""
    return None if request.content_matches else Denied(Reason.CONTENT_CHANGED)


def newest(facts: Signed) -> tuple[StandingSignature, ...]:
    """The signature that a withdrawal takes back."""
    return facts.signatures[-1:]


def every(facts: Signed) -> tuple[StandingSignature, ...]:
    """All signatures: none stands under a draft."""
    return facts.signatures


def all_but(*kept: Meaning) -> Callable[[Signed], tuple[StandingSignature, ...]]:
    """The signatures given after the target of a return, which keeps those of the meanings `kept`."""
    return lambda facts: tuple(signature for signature in facts.signatures if signature.meaning not in kept)

"""What cards, reports and scheme versions share: the way to approval and from there on, and which signatures a return takes back."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Edge, Facts, Guard, MoveRequest
from workflow.policy import Meaning, StandingSignature, State, Trigger

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


S = TypeVar("S", bound=Signed)


def until_approved(*, prepared_if: tuple[Guard[S], ...], complete: Guard[S]) -> tuple[Edge[S], ...]:
    """Give the edges from the draft through three signatures to the lock, with the ways back."""
    prepare: Edge[S] = Edge(
        Trigger.PREPARE,
        State.DRAFT,
        State.PREPARED,
        meaning=Meaning.PREPARE,
        guards=prepared_if,
        completeness=(complete,),
    )
    return (
        prepare,
        Edge(Trigger.REVIEW, State.PREPARED, State.REVIEWED, meaning=Meaning.REVIEW, guards=(same_content,)),
        Edge(Trigger.APPROVE, State.REVIEWED, State.APPROVED, meaning=Meaning.APPROVE, guards=(same_content,)),
        _returns(State.PREPARED, State.DRAFT),
        # Without `to` the first edge that fits is taken: back to the draft.
        _returns(State.REVIEWED, State.DRAFT),
        _returns(State.REVIEWED, State.PREPARED),
        Edge(Trigger.WITHDRAW, State.PREPARED, State.DRAFT, voids=newest),
        Edge(Trigger.WITHDRAW, State.REVIEWED, State.PREPARED, voids=newest),
    )


def after_approval(*, stands: tuple[Guard[S], ...] = (), revisable: tuple[Guard[S], ...] = ()) -> tuple[Edge[S], ...]:
    """Give the edges from the lock on, guarded by what has to stand for publication and revision, and the voiding before it.

    `revisable` guards the revision alone.
    """
    approved, published = State.APPROVED, State.PUBLISHED
    publish: Edge[S] = Edge(Trigger.PUBLISH, approved, published, guards=stands)
    revisions: list[Edge[S]] = [
        Edge(Trigger.REVISE, state, state, least_reason=1, begins=State.DRAFT, guards=(*stands, *revisable))
        for state in (approved, published)
    ]
    before = (State.DRAFT, State.PREPARED, State.REVIEWED)
    voids: list[Edge[S]] = [Edge(Trigger.VOID, state, State.VOID, least_reason=1) for state in before]
    followed: list[Edge[S]] = [
        Edge(Trigger.SUPERSEDE, state, State.SUPERSEDED, internal=True) for state in (approved, published)
    ]
    return (publish, *revisions, *voids, *followed)


def _returns(source: State, target: State) -> Edge[S]:
    voids = every if target is State.DRAFT else all_but(Meaning.PREPARE)
    return Edge(Trigger.RETURN, source, target, least_reason=LEAST_RETURN_REASON, voids=voids)

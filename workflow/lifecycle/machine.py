"""A transition table and its one model-less machine: given the facts it answers a move or a refusal, and changes nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from transitions import EventData, Machine

from workflow.errors import Denied, Reason
from workflow.policy import SYSTEM, Actor, Meaning, StandingSignature
from workflow.wording import Phrase

FIELDS: Mapping[Reason, str] = {
    Reason.UNKNOWN_TRIGGER: "trigger",
    Reason.REASON_TOO_SHORT: "reason",
    Reason.UNKNOWN_TARGET: "to",
}
"""The field of a move's request that an invalid one is about."""


class Facts(Protocol):
    """What every lifecycle needs to know of its entity."""

    @property
    def state(self) -> str:
        """The present state."""

    @property
    def version(self) -> int:
        """The present version."""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """What somebody asks for with a trigger, and how they proved themselves for a signature."""

    actor: Actor
    seen_version: int | None
    reason: str | None = None
    to: str | None = None
    proof: str | None = None  # the way of a valid proof, like "password" or "otp"; None when none was given
    proof_wrong: bool = False  # a proof was given and is wrong
    content_matches: bool = True  # the content still has the digest of the last signature


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted move: what the caller has to write."""

    trigger: str
    source: str
    target: str
    meaning: Meaning | None = None  # the signature that the move gives
    voided: tuple[StandingSignature, ...] = ()  # the standing signatures that the move takes back
    begins: str | None = None  # the state in which a new entity begins beside this one


F = TypeVar("F", bound=Facts)
Guard = Callable[[F, MoveRequest], Denied | None]


@dataclass(frozen=True)
class Edge(Generic[F]):
    """One arrow of a table. Guards are asked in the order of the error codes: the state's, the version, what is missing, proof."""

    trigger: str
    source: str
    target: str
    meaning: Meaning | None = None
    least_reason: int = 0  # characters that the reason needs
    chosen: Callable[[F], bool] | None = None  # which facts take this edge where several leave by one trigger
    guards: tuple[Guard[F], ...] = ()  # refusals of the kind "not in this state"
    completeness: tuple[Guard[F], ...] = ()
    voids: Callable[[F], tuple[StandingSignature, ...]] | None = None
    begins: str | None = None
    internal: bool = False  # the product's own move, never a person's


@dataclass
class _Holder(Generic[F]):
    """The throw-away model of one question: what goes in, and what the guards and the chosen edge leave on it."""

    state: str
    facts: F
    request: MoveRequest
    denied: Denied | None = None
    edge: Edge[F] | None = None


@dataclass(frozen=True, eq=False)
class Lifecycle(Generic[F]):
    """One kind's table with the names of its states and triggers; `locked` states answer `locked` to what they can never do."""

    initial: str
    edges: tuple[Edge[F], ...]
    state_names: Mapping[Any, Phrase]
    trigger_names: Mapping[Any, Phrase]
    locked: frozenset[str] = frozenset()
    machine: Machine = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "machine", _build(self.edges, [str(state) for state in self.state_names]))

    def decide(self, trigger: str, facts: F, request: MoveRequest) -> Move | Denied:
        """Answer a person's request; policy has been asked before. Refusals come in the order of interfaces.md."""
        edges = [edge for edge in self.edges if edge.trigger == trigger and not edge.internal]
        return _check_request(edges, trigger, self.trigger_names, request) or self._fire(trigger, facts, request)

    def advance(self, trigger: str, facts: F) -> Move | Denied:
        """Answer for one of the product's own moves, which no person asks for."""
        return self._fire(trigger, facts, MoveRequest(SYSTEM, facts.version), internal=True)

    def leaving(self, state: str) -> tuple[str, ...]:
        """The triggers by which a person can leave this state (or begin something new from it), in the table's order."""
        triggers = (edge.trigger for edge in self.edges if edge.source == state and not edge.internal)
        return tuple(str(trigger) for trigger in dict.fromkeys(triggers))

    def refusal_by_state(self, trigger: str, state: str, *, internal: bool = False) -> Denied | None:
        """Why this state has no such move: `locked` if no locked state has it, else `wrong_state`; None if it has.

        A person's moves are meant, or the product's own with `internal`; neither knows the other's triggers.
        """
        sources = {edge.source for edge in self.edges if edge.trigger == trigger and edge.internal is internal}
        if not sources:
            return Denied(Reason.UNKNOWN_TRIGGER, {"trigger": trigger})
        if state in sources:
            return None
        if state in self.locked and sources.isdisjoint(self.locked):
            return Denied(Reason.LOCKED)
        return Denied(Reason.WRONG_STATE, {"state": self.state_names[state], "move": self.trigger_names[trigger]})

    def _fire(self, trigger: str, facts: F, request: MoveRequest, *, internal: bool = False) -> Move | Denied:
        refused = self.refusal_by_state(trigger, facts.state, internal=internal)
        if refused:
            return refused
        holder = _Holder(str(facts.state), facts, request)
        self.machine.events[str(trigger)].trigger(holder)
        if holder.denied or holder.edge is None:
            return holder.denied or Denied(
                Reason.UNKNOWN_TARGET, {"move": self.trigger_names[trigger], "to": request.to}
            )
        return _move(holder.edge, facts)


def _move(edge: Edge[F], facts: F) -> Move:
    return Move(
        trigger=str(edge.trigger),
        source=str(edge.source),
        target=str(edge.target),
        meaning=edge.meaning,
        voided=edge.voids(facts) if edge.voids else (),
        begins=str(edge.begins) if edge.begins else None,
    )


def _check_request(
    edges: list[Edge[F]], trigger: str, names: Mapping[Any, Phrase], request: MoveRequest
) -> Denied | None:
    if request.seen_version is None:
        return Denied(Reason.NO_VERSION)
    if not edges:
        return Denied(Reason.UNKNOWN_TRIGGER, {"trigger": trigger})
    least = max(edge.least_reason for edge in edges)
    if len((request.reason or "").strip()) < least:
        return Denied(Reason.REASON_TOO_SHORT, {"least": least})
    if request.to is not None and request.to not in {edge.target for edge in edges}:
        return Denied(Reason.UNKNOWN_TARGET, {"move": names[trigger], "to": request.to})
    return None


def _build(edges: Iterable[Edge[Any]], states: list[str]) -> Machine:
    machine = Machine(
        model=None, states=states, initial=None, auto_transitions=False, send_event=True, queued=False, name="lifecycle"
    )
    for edge in edges:
        machine.add_transition(
            str(edge.trigger),
            str(edge.source),
            str(edge.target) if edge.target != edge.source else None,
            conditions=[_selector(edge), *map(as_condition, (*edge.guards, _stale, *edge.completeness, _proof(edge)))],
            before=[_remember(edge)],
        )
    return machine


def _selector(edge: Edge[Any]) -> Callable[[EventData], bool]:
    def selects(event: EventData) -> bool:
        holder: Any = event.model
        if holder.denied:
            return False  # an earlier edge was the chosen one and has its answer
        wanted = holder.request.to is None or holder.request.to == edge.target
        return bool(wanted and (edge.chosen is None or edge.chosen(holder.facts)))

    return selects


def as_condition(guard: Callable[[Any, MoveRequest], object]) -> Callable[[EventData], bool]:
    """Make the guard a condition of the library: a real boolean, the refusal left on the holder.

    Raises TypeError for a guard that answers anything but a refusal or None: the library would take a stray truth for yes.
    """

    def passes(event: EventData) -> bool:
        holder: Any = event.model
        answer = guard(holder.facts, holder.request)
        if answer is not None and not isinstance(answer, Denied):
            message = f"a guard answers a refusal or None, not {answer!r}"
            raise TypeError(message)
        holder.denied = answer
        return answer is None

    return passes


def _remember(edge: Edge[Any]) -> Callable[[EventData], None]:
    def remember(event: EventData) -> None:
        holder: Any = event.model
        holder.edge = edge

    return remember


def _stale(facts: Facts, request: MoveRequest) -> Denied | None:
    return None if request.seen_version == facts.version else Denied(Reason.STALE)


def _proof(edge: Edge[Any]) -> Guard[Any]:
    def proven(_facts: Facts, request: MoveRequest) -> Denied | None:
        if edge.meaning is None:
            return None
        if request.proof_wrong:
            return Denied(Reason.PROOF_WRONG)
        return None if request.proof else Denied(Reason.PROOF_NEEDED)

    return proven

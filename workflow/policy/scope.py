"""Which cards somebody may see, as data that answers for one card here and that models compile into WHERE."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.policy.actions import CARD_ROLES, Action
from workflow.policy.facts import Actor, CardFacts
from workflow.policy.vocabulary import Role, State

DISCLOSED = frozenset({State.PUBLISHED, State.SUPERSEDED})
"""The states in which the appraised person sees a card, if it has been published and not superseded before that."""

_ALL_STATES: frozenset[State] | None = None
SEEN_IN_SCOPE: Mapping[Role, frozenset[State] | None] = {
    Role.PREPARER: _ALL_STATES,
    Role.REVIEWER: frozenset({State.PREPARED, State.REVIEWED, State.APPROVED, *DISCLOSED}),
    Role.APPROVER: frozenset({State.REVIEWED, State.APPROVED, *DISCLOSED}),
    Role.ADMINISTRATOR: _ALL_STATES,
    Role.AUDITOR: _ALL_STATES,
    Role.HEAD: frozenset({State.PUBLISHED}),
    Role.HR: frozenset({State.PUBLISHED}),
}
"""In which states a role sees what is signed in its units; None means in all."""

SEES_WHAT_IT_HANDLED = (Role.REVIEWER, Role.APPROVER)
_SEEN_BY_THE_APPRAISED = frozenset(
    {Action.CARD_SEE, Action.CARD_RECORD, Action.CARD_FORM, Action.CARD_ACKNOWLEDGE, Action.CARD_OBJECT}
)
_SEEN_BY_MEMBERS = frozenset({Action.CARD_SEE, Action.CARD_FORM})


@dataclass(frozen=True, slots=True)
class Clause:
    """One way to be permitted: all conditions that are set (not None, not False) must hold together."""

    unit_paths: tuple[str, ...] | None = None  # the card's unit is one of these or lies below one
    states: frozenset[State] | None = None
    published: bool = False  # it has been published at some time
    handled: bool = False  # the actor signed or returned this revision at some time
    person_id: int | None = None  # the appraised person
    member_units: tuple[str, ...] | None = None  # the unit that the card appraises is exactly one of these
    items: frozenset[str] | None = None  # the card has at least one of these items; only these are meant

    def covers(self, facts: CardFacts) -> bool:
        """Whether this clause permits the card."""
        return (
            (self.unit_paths is None or facts.unit_path.startswith(self.unit_paths))
            and (self.states is None or facts.state in self.states)
            and (not self.published or facts.published)
            and (not self.handled or facts.handled)
            and (self.person_id is None or facts.appraised_person_id == self.person_id)
            and (self.member_units is None or facts.member_unit in self.member_units)
            and (self.items is None or not self.items.isdisjoint(facts.items))
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The cards that any of the clauses permits; no clause permits nothing."""

    clauses: tuple[Clause, ...] = ()

    def covers(self, facts: CardFacts) -> bool:
        """Whether the card is in this scope."""
        return any(clause.covers(facts) for clause in self.clauses)


def card_scope(actor: Actor, action: Action = Action.CARD_SEE) -> Scope:
    """The cards that the actor sees by a role (or by being appraised) which may do `action`.

    Whether the card's state, its signatures or the actor's own part in it allow the action is said card by card.
    """
    roles = CARD_ROLES[action]
    return Scope((*_by_role(actor, roles), *_by_items(actor, roles), *_as_appraised(actor, action)))


def _by_role(actor: Actor, roles: frozenset[Role]) -> Iterable[Clause]:
    for role, states in SEEN_IN_SCOPE.items():
        paths = outermost(actor.paths({role})) if role in roles else ()
        if not paths:
            continue
        yield Clause(unit_paths=paths, states=states)
        if role in SEES_WHAT_IT_HANDLED:
            yield Clause(unit_paths=paths, handled=True)


def _by_items(actor: Actor, roles: frozenset[Role]) -> Iterable[Clause]:
    for grant in actor.grants:
        if grant.role is Role.RECORDER and Role.RECORDER in roles and grant.items:
            yield Clause(unit_paths=(grant.unit_path,), states=frozenset({State.DRAFT}), items=grant.items)


def _as_appraised(actor: Actor, action: Action) -> Iterable[Clause]:
    if actor.person_id is not None and action in _SEEN_BY_THE_APPRAISED:
        yield Clause(states=DISCLOSED, published=True, person_id=actor.person_id)
    if actor.unit_path is not None and action in _SEEN_BY_MEMBERS:
        yield Clause(states=DISCLOSED, published=True, member_units=_up_from(actor.unit_path))


def _up_from(unit_path: str) -> tuple[str, ...]:
    """The unit and the units above it, from the outermost on: `/12/40/` gives `/12/` and `/12/40/`."""
    parts = unit_path.strip("/").split("/")
    return tuple(f"/{'/'.join(parts[: depth + 1])}/" for depth in range(len(parts)))


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths without those that lie below another of them, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not path.startswith(tuple(kept)):
            kept.append(path)
    return tuple(kept)

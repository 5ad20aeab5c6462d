"""What policy is told: who acts, with which grants, and what the card is like."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from workflow.policy.vocabulary import Role
from workflow.wording import Language

COMPANY: Final = "/"
"""The path of the company: every unit lies below it."""


class AllItems(Enum):
    """Every item, whatever the scheme calls them."""

    ALL = "all"

    def __contains__(self, code: str) -> bool:
        return True


ALL: Final = AllItems.ALL
Items = frozenset[str] | AllItems
"""Item codes that somebody may see or change; `code in items` works on either form."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role within one scope: `unit_path` is `/` for the company, else the path of a unit like `/12/40/`."""

    role: Role
    unit_path: str = COMPANY
    items: frozenset[str] = frozenset()  # a recorder's items; empty means none
    holder: "Party | None" = None  # whose grant it is, for who acts as a delegate; None for one's own

    def reaches(self, unit_path: str) -> bool:
        """Whether the unit is this grant's unit or lies below it."""
        return unit_path.startswith(self.unit_path)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, the person behind it if any, and the grants in force today."""

    account_id: int
    username: str
    name: str
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()
    language: Language = Language.ZH
    request_id: str = ""
    unit_path: str | None = None  # the unit that the person belongs to

    def granted(self, *grants: Grant) -> "Actor":
        """The same actor with further grants."""
        return replace(self, grants=(*self.grants, *grants))

    def paths(self, roles: Iterable[Role]) -> tuple[str, ...]:
        """The unit paths in which this actor holds any of `roles`."""
        wanted = frozenset(roles)
        return tuple(grant.unit_path for grant in self.grants if grant.role in wanted)

    def holds(self, roles: Iterable[Role], unit_path: str) -> bool:
        """Whether any of `roles` is held for this unit."""
        return any(unit_path.startswith(path) for path in self.paths(roles))

    def acts_as(self, roles: Iterable[Role], unit_path: str) -> Grant | None:
        """By which grant this actor acts for the unit: an own one before a delegated one, then in the roles' own order."""
        wanted = frozenset(roles)
        held = [grant for grant in self.grants if grant.role in wanted and grant.reaches(unit_path)]
        return min(held, key=_own_first, default=None)

    def capacity(self, acting: Grant | Role | None) -> Grant | None:
        """The grant behind what somebody acts as; of a role that they hold nowhere, one without a holder."""
        if not isinstance(acting, Role):
            return acting
        held = [grant for grant in self.grants if grant.role is acting]
        return min(held, key=_own_first, default=Grant(acting))

    def apart_from(self, person_id: int | None) -> "Actor":
        """The same actor without what this person has delegated: nobody acts for somebody in that person's own matter."""
        kept = tuple(each for each in self.grants if each.holder is None or each.holder.person_id != person_id)
        return self if person_id is None else replace(self, grants=kept)

    def in_person(self) -> "Actor":
        """The same actor by their own grants alone."""
        return replace(self, grants=tuple(grant for grant in self.grants if grant.holder is None))

    def holders(self) -> tuple[int, ...]:
        """The persons for whom the actor acts as a delegate, each once; holders without a person are not among them."""
        found = (grant.holder.person_id for grant in self.grants if grant.holder is not None)
        return tuple(dict.fromkeys(person_id for person_id in found if person_id is not None))

    def recorded_items(self, unit_path: str) -> frozenset[str]:
        """The items that this actor records for this unit."""
        grants = (grant for grant in self.grants if grant.role is Role.RECORDER and grant.reaches(unit_path))
        return frozenset().union(*(grant.items for grant in grants))


def _own_first(grant: Grant) -> tuple[bool, int]:
    return grant.holder is not None, list(Role).index(grant.role)


SYSTEM: Final = Actor(account_id=0, username="system", name="系统")
"""The product itself, as it acts in its own moves; it holds no grant."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who had a part in something."""

    account_id: int
    person_id: int | None
    name: str

    def is_by(self, actor: Actor) -> bool:
        """Whether the actor is this human: compared by person where both are known, else by account."""
        if self.person_id is not None and actor.person_id is not None:
            return self.person_id == actor.person_id
        return self.account_id == actor.account_id


@dataclass(frozen=True, slots=True)
class StandingSignature:
    """A signature that has not been voided."""

    meaning: str
    account_id: int
    person_id: int | None
    name: str

    def is_by(self, actor: Actor) -> bool:
        """Whether the same human signed."""
        return Party(self.account_id, self.person_id, self.name).is_by(actor)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What policy and lifecycle need to know of a scorecard."""

    state: str
    version: int
    unit_path: str
    appraised_person_id: int | None
    signatures: tuple[StandingSignature, ...] = ()  # oldest first, voided ones left out
    handled: bool = False  # the actor signed or returned this revision at some time
    missing: tuple[str, ...] = ()
    items: frozenset[str] = field(default_factory=frozenset)  # the codes of all items of the card
    member_unit: str | None = None  # the path of the unit that a unit's card appraises; None for a person's card
    published: bool = False  # it has been published at some time: a superseded card may never have been
    plan_cancelled: bool = False
    erased: bool = False  # what it said of its subject was erased by order
    takes_entries: bool = True  # the plan is open, or this card stays editable while it is closing

    def is_about(self, actor: Actor) -> bool:
        """Whether the actor is the appraised person (for a unit's card: the person responsible for the unit)."""
        return actor.person_id is not None and actor.person_id == self.appraised_person_id

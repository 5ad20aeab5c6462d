"""Who may see and do what: one question, one answer with a reason (source: lifecycle.md, Roles and scope)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from workflow.wording import Language


class Role(StrEnum):
    """What a grant lets an account be, within its scope and dates."""

    PREPARER = "preparer"
    RECORDER = "recorder"
    RATER = "rater"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    HEAD = "head"
    HR = "hr"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role within one scope: `unit_path` is `/` for the company, else the path of a unit like `/12/40/`."""

    role: Role
    unit_path: str = "/"
    items: frozenset[str] = frozenset()  # a recorder's items; empty means none


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

    def paths(self, roles: Iterable[Role]) -> tuple[str, ...]:
        """The unit paths in which this actor holds any of `roles`."""
        wanted = frozenset(roles)
        return tuple(grant.unit_path for grant in self.grants if grant.role in wanted)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What policy and lifecycle need to know of a scorecard."""

    state: str
    version: int
    unit_path: str
    appraised_person_id: int | None
    signatures: tuple["StandingSignature", ...] = ()  # oldest first, voided ones left out
    handled: bool = False  # the actor signed or returned this revision at some time
    missing: tuple[str, ...] = ()
    items: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class StandingSignature:
    """A signature that has not been voided."""

    meaning: str
    account_id: int
    person_id: int | None
    name: str

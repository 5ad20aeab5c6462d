"""May this actor do this with what hangs on a unit or on the company: plans, people, measurements, grants, records."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workflow.errors import Denied, Reason
from workflow.policy.actions import SIGNING_ROLES, UNIT_ROLES, Action
from workflow.policy.facts import ALL, COMPANY, Actor, Items
from workflow.policy.refusals import no_grant
from workflow.policy.scope import outermost
from workflow.policy.vocabulary import ROLE_NAMES, Role

_EXCLUDES: Mapping[Role, tuple[Role, ...]] = {
    Role.OPERATOR: (Role.ADMINISTRATOR, Role.AUDITOR, Role.PREPARER, Role.REVIEWER, Role.APPROVER),
    Role.ADMINISTRATOR: (Role.AUDITOR,),
    Role.AUDITOR: (Role.PREPARER, Role.REVIEWER, Role.APPROVER),
}


def decide_unit(actor: Actor, action: Action, unit_path: str | None = None) -> Denied | None:
    """None if permitted for this unit; without a unit: whether the actor may do it anywhere at all.

    What concerns the whole company asks for the unit path `/`, which only a grant for the company reaches.
    """
    roles = UNIT_ROLES[action]
    held = unit_scope(actor, action)
    permitted = bool(held) if unit_path is None else unit_path.startswith(held)
    return None if permitted else no_grant(roles)


def unit_scope(actor: Actor, action: Action) -> tuple[str, ...]:
    """The paths of the units for which (with everything below) the actor may do this; none means nowhere."""
    return outermost(actor.paths(UNIT_ROLES[action]))


def unit_items(actor: Actor, action: Action, unit_path: str) -> Items:
    """The items for which the actor may do this in this unit: all, or a recorder's own."""
    if actor.holds(UNIT_ROLES[action] - {Role.RECORDER}, unit_path):
        return ALL
    return actor.recorded_items(unit_path) if Role.RECORDER in UNIT_ROLES[action] else frozenset()


@dataclass(frozen=True, slots=True)
class RecordReach:
    """Which records somebody may list: those of cards and things in `unit_paths`, everything, or grants and accounts."""

    unit_paths: tuple[str, ...] = ()
    everything: bool = False
    grants: bool = False


def record_reach(actor: Actor) -> RecordReach:
    """How far the actor reads the written record; the record of one card is asked of `decide_card`."""
    return RecordReach(
        unit_paths=outermost(actor.paths({*SIGNING_ROLES, Role.ADMINISTRATOR, Role.AUDITOR})),
        everything=actor.holds({Role.AUDITOR}, COMPANY),
        grants=bool(actor.paths({Role.OPERATOR})),
    )


def check_roles_together(roles: Collection[Role]) -> Denied | None:
    """Refuse roles that one account must not hold together, naming the first pair."""
    for held, excluded in _EXCLUDES.items():
        for wanted in excluded:
            if held in roles and wanted in roles:
                return Denied(Reason.ROLES_EXCLUDE, {"held": ROLE_NAMES[held], "wanted": ROLE_NAMES[wanted]})
    return None

"""How policy says no: which role is needed, and whom to turn to."""

from collections.abc import Iterable

from workflow.errors import Denied, Reason
from workflow.policy.vocabulary import ROLE_NAMES, Role
from workflow.wording import Phrase

_WHO = Phrase("请由其办理,或向系统管理员申请授权", "ask somebody who holds it, or ask the operator for a grant")


def any_role(roles: Iterable[Role]) -> Phrase:
    """Name the roles, any of which does, in the order of the roles' own list."""
    wanted = frozenset(roles)
    names = [ROLE_NAMES[role] for role in Role if role in wanted]
    return Phrase("或".join(name.zh for name in names), " or ".join(name.en for name in names))


def no_grant(roles: Iterable[Role]) -> Denied:
    """Say that one of `roles` is needed for this unit and whom to turn to."""
    return Denied(Reason.NO_GRANT, {"roles": any_role(roles), "who": _WHO})

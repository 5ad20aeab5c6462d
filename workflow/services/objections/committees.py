"""Who may deal with an appeal, and the three who are named to decide an escalated one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import literal, or_, select

from workflow.errors import FieldError, invalid
from workflow.lifecycle.appeal import COMMITTEE
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.organisation import Unit
from workflow.policy import COMPANY, UNIT_ROLES, Action, Actor, Grant, ObjectionFacts, Role
from workflow.policy.objections import decide_seat
from workflow.wording import Phrase

THREE = Phrase("须是 {count} 位不同的人", "must be {count} different people")
NOT_ELIGIBLE = Phrase(
    "{name} 不能担任委员:须有处理申诉的授权,未签署此表,也未处理过此申诉",
    "{name} can't be a member: it takes a role that handles appeals, no signature on this card, and no part in this appeal",
)


def impartial(facts: ObjectionFacts, today: date, roles: Collection[Role] | None = None) -> tuple[Actor, ...]:
    """Give those who may deal with this appeal now by one of the roles (any that handles appeals), by user name."""
    holders = _holders(facts.unit_path, UNIT_ROLES[Action.APPEALS_HANDLE] if roles is None else roles, today)
    return tuple(each for each in holders if decide_seat(each, facts) is None)


def read_members(usernames: Sequence[str], facts: ObjectionFacts, today: date) -> tuple[Actor, ...]:
    """Read the committee's members by their user names; raises Refusal naming each who can't be one."""
    if len(set(usernames)) != COMMITTEE or len(usernames) != COMMITTEE:
        raise invalid(FieldError("members", THREE, {"count": COMMITTEE}))
    able = {actor.username: actor for actor in impartial(facts, today)}
    wrong = [
        FieldError(f"members[{place}]", NOT_ELIGIBLE, {"name": name})
        for place, name in enumerate(usernames)
        if name not in able
    ]
    if wrong:
        raise invalid(*wrong)
    return tuple(able[name] for name in usernames)


def _holders(unit_path: str, roles: Collection[Role], today: date) -> list[Actor]:
    """Give who holds any of the roles for a unit on a day, with those grants, by user name, in one query."""
    reaches = or_(RoleGrant.unit_id.is_(None), literal(unit_path).startswith(Unit.path))
    query = (
        select(Account, RoleGrant.role, Unit.path)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(Account.disabled.is_(False), RoleGrant.role.in_(sorted(roles)), in_force(RoleGrant, today), reaches)
        .order_by(Account.username)
    )
    grants: dict[Account, list[Grant]] = defaultdict(list)
    for account, role, path in db.session.execute(query):
        grants[account].append(Grant(Role(role), path or COMPANY))
    return [Actor(each.id, each.username, each.name, each.person_id, tuple(held)) for each, held in grants.items()]

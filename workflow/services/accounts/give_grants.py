"""Giving roles, as the operator does: an account, a role, a unit or the company, and the days on which it holds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.errors import FieldError, invalid, not_seen
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.dated import overlap
from workflow.models.organisation import Unit
from workflow.policy import COMPANY, Action, Actor, Role, check_roles_together, decide_unit
from workflow.services.accounts.identify import tidy_username
from workflow.services.clock import Clock
from workflow.services.fields import Fields, check_fresh, permit, require_version
from workflow.services.people.delegate import roles_between
from workflow.services.people.look_up_organisation import unit_by_code
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

ITEM_LENGTH = 64

_NO_ACCOUNT = Phrase("没有用户名为 {username} 的账户", "there is no account called {username}")
_NO_UNIT = Phrase("没有编码为 {code} 的单位", "there is no unit with the code {code}")
_ITEMS_NEEDED = Phrase("请指定数据提报人负责的指标", "name the items that the recorder reports")
_NO_ITEMS = Phrase("只有数据提报人按指标授权", "only a recorder is given items")
_HAS_IT = Phrase("该账户在此期间已有同样的授权", "the account has this grant already in that time")
_OWN_OPERATOR = Phrase("不能结束自己的系统管理员授权", "one's own grant as operator can't be ended")


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What is given to whom: without a unit for the whole company, without a last day until further notice."""

    username: str
    role: str
    starts_on: date
    ends_on: date | None = None
    unit: str | None = None
    items: tuple[str, ...] = ()


def give_grant(actor: Actor, clock: Clock, new: NewGrant, kept: Kept | None = None) -> RoleGrant:
    """Give an account a role; raises Refusal, also when it excludes one that the account has in that time."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.GRANTS_MANAGE, None if new.unit is not None else COMPANY))
        fields = Fields()
        account_id = _account_id(new.username, fields)
        unit = unit_by_code(new.unit) if new.unit is not None else None
        if new.unit is not None and (unit is None or decide_unit(actor, Action.GRANTS_MANAGE, unit.path)):
            fields.wrong("unit", _NO_UNIT, code=new.unit)
        fields.choice("role", new.role, Role)
        items = _read_items(new, fields)
        fields.in_order(new.starts_on, new.ends_on)
        fields.check()
        grant = RoleGrant(
            account_id=account_id,
            role=new.role,
            unit_id=unit.id if unit else None,
            items=items,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
        )
        _check_beside_others(grant, new.starts_on, new.ends_on)
        work.create(grant, "grant.give", role=Role.OPERATOR)
        work.finish(grant)
        return grant


def change_grant(
    actor: Actor,
    clock: Clock,
    grant_id: int,
    *,
    starts_on: date | None = None,
    ends_on: date | None,
    seen_version: int | None,
    reason: str = "",
    kept: Kept | None = None,
) -> RoleGrant:
    """Change the days on which a grant holds; to take it back at once its last day is yesterday. Raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        grant = _find(actor, grant_id)
        require_version(seen_version)
        first = starts_on or grant.starts_on
        fields = Fields()
        fields.last_day("ends_on", first, ends_on)
        if grant.account_id == actor.account_id and grant.role == Role.OPERATOR and ends_on is not None:
            fields.wrong("ends_on", _OWN_OPERATOR)
        fields.check()
        check_fresh(grant, seen_version, ("starts_on", "ends_on"))
        _check_beside_others(grant, first, ends_on)
        values = {"starts_on": first, "ends_on": ends_on}
        work.change(grant, "grant.change", values, role=Role.OPERATOR, reason=reason)
        work.finish(grant)
        return grant


def _account_id(username: str, fields: Fields) -> int | None:
    """Find the account and hold it: of two grants at one moment the second sees the first."""
    query = select(Account.id).where(Account.username == tidy_username(username)).with_for_update()
    account_id = db.session.scalar(query)
    if account_id is None:
        fields.wrong("username", _NO_ACCOUNT, username=username)
    return account_id


def _read_items(new: NewGrant, fields: Fields) -> list[str]:
    if new.role == Role.RECORDER and not new.items:
        fields.wrong("items", _ITEMS_NEEDED)
    if new.role != Role.RECORDER and new.items:
        fields.wrong("items", _NO_ITEMS)
    return sorted({fields.code(f"items[{place}]", item, ITEM_LENGTH) for place, item in enumerate(new.items)})


def _find(actor: Actor, grant_id: int) -> RoleGrant:
    """Give a grant and hold it with its account; raises Refusal when the actor may not see or not change it."""
    query = select(RoleGrant, Unit.path).outerjoin(Unit, Unit.id == RoleGrant.unit_id).where(RoleGrant.id == grant_id)
    found = db.session.execute(query.with_for_update(of=RoleGrant)).first()
    if found is None:
        raise not_seen()
    grant, unit_path = found
    if decide_unit(actor, Action.GRANTS_SEE, unit_path or COMPANY):
        raise not_seen()
    permit(decide_unit(actor, Action.GRANTS_MANAGE, unit_path or COMPANY))
    db.session.execute(select(Account.id).where(Account.id == grant.account_id).with_for_update())
    return grant


def _check_beside_others(grant: RoleGrant, starts_on: date, ends_on: date | None) -> None:
    """Compare with the other grants of the account that hold on any of these days, pair by pair."""
    others = select(RoleGrant).where(
        RoleGrant.account_id == grant.account_id,
        RoleGrant.id != (grant.id or 0),
        overlap(RoleGrant, starts_on, ends_on),
    )
    for role in roles_between(grant.account_id, starts_on, ends_on):
        permit(check_roles_together({role, Role(grant.role)}))
    for other in db.session.scalars(others):
        if (other.role, other.unit_id, other.items) == (grant.role, grant.unit_id, grant.items):
            raise invalid(FieldError("role", _HAS_IT))

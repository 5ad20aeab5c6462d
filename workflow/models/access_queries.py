"""Who calls and what they hold: asked with every request, so composed once, for any account and day."""

from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, and_, bindparam, literal, null, select, union_all

from workflow.models.accounts import Access, Account, CodeMaker, Credential, RoleGrant
from workflow.models.dated import in_force
from workflow.models.delegations import Delegation, acts_on
from workflow.models.organisation import Membership, Unit, UnitFunction
from workflow.policy import Role

HEAD_FUNCTIONS = ("head", "room-manager", "department-head")
"""The functions of a unit that make a person head of its people, without a grant."""

_NOBODY = (null(), null(), null())
_TODAY = bindparam("today", type_=Date)


@cache
def access() -> Select[Access, Account, bool, str, bool]:
    """Give who has a `secret` (hashed) of a `kind`: access, account, and the unit of the person behind it `today`."""
    member = and_(Membership.person_id == Account.person_id, in_force(Membership, _TODAY))
    return (
        select(Access, Account, Credential.must_change, Unit.path, CodeMaker.confirmed_at.is_not(None))
        .join(Account, Account.id == Access.account_id)
        .join(Credential, Credential.account_id == Account.id)
        .outerjoin(CodeMaker, CodeMaker.account_id == Account.id)
        .outerjoin(Membership, member)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Access.secret_hash == bindparam("secret"), Access.kind == bindparam("kind"))
    )


@cache
def grants() -> CompoundSelect[Any]:
    """Give the grants of an `account` in force `today`, what its `person` is as head of a unit, and what others have delegated."""
    given = (
        select(RoleGrant.role, RoleGrant.unit_id, Unit.path, RoleGrant.items, *_NOBODY)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.account_id == bindparam("account"), in_force(RoleGrant, _TODAY))
    )
    by_function = (
        select(literal(Role.HEAD.value), UnitFunction.unit_id, Unit.path, null(), *_NOBODY)
        .join(Unit, Unit.id == UnitFunction.unit_id)
        .where(
            UnitFunction.person_id == bindparam("person"),
            UnitFunction.function.in_(HEAD_FUNCTIONS),
            in_force(UnitFunction, _TODAY),
        )
    )
    delegated = (
        select(
            RoleGrant.role, RoleGrant.unit_id, Unit.path, RoleGrant.items, Account.id, Account.person_id, Account.name
        )
        .join(Delegation, Delegation.grant_id == RoleGrant.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(Delegation.delegate_id == bindparam("account"), acts_on(_TODAY))
    )
    # The delegated ones first: PostgreSQL takes the columns' types from what comes first.
    return union_all(delegated, given, by_function)

"""Delegations 代理: one grant, handed to another account from a day to a day."""

from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, and_
from sqlalchemy.orm import Mapped, mapped_column

from workflow.lifecycle.delegation import State
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import Base
from workflow.models.dated import Day, in_force
from workflow.models.recorded import Entity
from workflow.models.types import BigId


class Delegation(Entity, Base):
    """That an account acts with another's grant for these days; never of a delegated one, which is no grant of its own."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in State)), name="state"),
        CheckConstraint("ends_on >= starts_on", name="in_order"),
    )

    grant_id: Mapped[int] = mapped_column(BigId, ForeignKey("role_grant.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"), index=True)
    given_by: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(16), default=State.GIVEN)


def acts_on(day: Day) -> ColumnElement[bool]:
    """Say in SQL that a delegation acts on `day`: it stands, so does the grant, and its holder (`Account`) is still there."""
    dated = and_(Delegation.starts_on <= day, Delegation.ends_on >= day)
    return and_(Delegation.state == State.GIVEN, dated, in_force(RoleGrant, day), Account.disabled.is_(False))

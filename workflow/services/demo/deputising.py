"""Who stands in for whom in the demo organisation: the second approver is away for a week of the open month."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from workflow.models.accounts import RoleGrant
from workflow.models.database import db
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.people import delegate
from workflow.services.people.delegate import NewDelegation
from workflow.services.working_days import USUAL

AWAY: Final = "approver-2"
DEPUTY: Final = "admin-2"
STARTS_IN: Final = timedelta(days=2)
LASTS: Final = timedelta(days=6)


def deputise(founded: Founded, month: Month) -> None:
    """Let the second approver hand the grant to a deputy for a week from soon on."""
    holder = founded.actors[AWAY]
    grant_id = db.session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == holder.account_id)).one()
    first = USUAL.day_of(month()) + STARTS_IN
    delegate.delegate(holder, month, NewDelegation(grant_id, DEPUTY, first, first + LASTS, "外出培训一周"))

"""What holds from one day to another, the last day included."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from workflow.models.accounts import RoleGrant
from workflow.models.organisation import Membership, UnitFunction
from workflow.models.personnel import LevelGiven, Standing
from workflow.models.portfolios import CustomerManager
from workflow.models.rankings import RankingGroupUnit

Dated = Membership | UnitFunction | RoleGrant | RankingGroupUnit | Standing | LevelGiven | CustomerManager
"""What holds for a time; no last day means until further notice."""


Day = date | ColumnElement[date]


def in_force(table: type[Dated], day: Day) -> ColumnElement[bool]:
    """Say in SQL that a row holds on `day`."""
    return and_(table.starts_on <= day, or_(table.ends_on.is_(None), table.ends_on >= day))


def overlap(table: type[Dated], starts_on: date, ends_on: date | None) -> ColumnElement[bool]:
    """Say in SQL that a row holds on at least one day from `starts_on` to `ends_on`."""
    begun = table.starts_on <= ends_on if ends_on is not None else table.starts_on.is_not(None)
    return and_(begun, or_(table.ends_on.is_(None), table.ends_on >= starts_on))

"""Whether the service can work: the database answers, and has the tables of this version."""

from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from workflow.models.upgrade import is_current


def check(settings: Settings) -> dict[str, bool]:
    """Say of each thing that the service needs whether it is there."""
    try:
        current = is_current(settings.database_url)
    except SQLAlchemyError:
        return {"database": False, "migrations": False}
    return {"database": True, "migrations": current}

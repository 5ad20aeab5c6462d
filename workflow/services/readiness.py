"""Whether the service can work: the database answers, has the tables of this version, and its log's key is there."""

from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from workflow.models.migrations import is_current
from workflow.records.notes import NoteError
from workflow.services.record import log_key
from workflow.services.record.log_key import Keyholder


def check(settings: Settings) -> dict[str, bool]:
    """Say of each thing that the service needs whether it is there."""
    try:
        current = is_current(settings.database_url)
    except SQLAlchemyError:
        return {"database": False, "migrations": False, "log_key": False}
    return {"database": True, "migrations": current, "log_key": current and _has_log_key(settings)}


def _has_log_key(settings: Settings) -> bool:
    """Say whether the key that the log names is at hand."""
    try:
        return bool(Keyholder(settings.log_key_file).signers(log_key.current()))
    except (NoteError, OSError):
        return False

"""Whether the log is known to be longer elsewhere: then this database comes from an old backup, and nothing is signed on it.

The worker finds out, from the folder of checkpoints and from each witness, and keeps it in the database, where every
machine that serves sees it.
"""

from sqlalchemy import delete, insert, select

from workflow.errors import Reason, refuse
from workflow.models.database import WRITER, db
from workflow.models.log import LogAhead
from workflow.services.clock import Clock
from workflow.wording import Phrase

FOLDER = "checkpoints"
"""The name under which what the folder of checkpoints knows is kept; a witness has its own."""

FOLDER_NAME = Phrase("检查点目录", "the folder of checkpoints")

_FOUND = select(LogAhead.known_by, LogAhead.size).order_by(LogAhead.size.desc()).limit(1)


def keep(known_by: str, size: int, clock: Clock) -> None:
    """Keep that somebody knows a log of `size` records, which this database does not reach."""
    if _size_of(known_by) == size:
        return
    with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
        connection.execute(delete(LogAhead).where(LogAhead.known_by == known_by))
        connection.execute(insert(LogAhead), {"known_by": known_by, "size": size, "at": clock()})


def forget(known_by: str) -> None:
    """Forget what somebody knew, now that this database is seen to hold it."""
    if _size_of(known_by) is None:
        return
    with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
        connection.execute(delete(LogAhead).where(LogAhead.known_by == known_by))


def refuse_if_behind() -> None:
    """Raise Refusal while anybody is known to know more of the log than this database holds."""
    found = db.session.execute(_FOUND).one_or_none()
    if found is not None:
        name = FOLDER_NAME if found.known_by == FOLDER else found.known_by
        raise refuse(Reason.LOG_BEHIND, known_by=name, size=found.size)


def _size_of(known_by: str) -> int | None:
    with db.engine.connect() as connection:
        return connection.scalar(select(LogAhead.size).where(LogAhead.known_by == known_by))

"""How many statements reading takes: what a list may not let grow with its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from workflow.models.database import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that the block sends to the database, but for the beginning of its transaction."""
    sent: list[str] = []

    def note(*told: Any) -> None:
        if not told[2].startswith("BEGIN"):
            sent.append(told[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

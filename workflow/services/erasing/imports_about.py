"""Which imported files speak of somebody: each names them, or brought in what they are."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.imports import ImportContent
from workflow.models.personal import Whom


def imports_about(whom: Whom, code: str) -> list[int]:
    """Give the imports whose file holds the person's staff number or name, or that changed the person."""
    wanted = [f">{code}<".encode(), *([whom.called.encode()] if whom.called else [])]
    query = select(ImportContent.import_id, ImportContent.file, ImportContent.effects)
    return [
        row.import_id
        for row in db.session.execute(query.execution_options(yield_per=1))
        if any(each.get("id") == whom.person_id for each in row.effects) or _holds(row.file, wanted)
    ]


def _holds(file: bytes, wanted: list[bytes]) -> bool:
    """Say whether any part of a workbook, also a sheet that nobody reads, holds one of these texts."""
    return any(text in part for part in _parts(file) for text in wanted)


def _parts(file: bytes) -> Iterator[bytes]:
    """Give what a workbook is made of; how large that may be was asked when it was taken in."""
    if not file:
        return
    with zipfile.ZipFile(BytesIO(file)) as archive:
        yield from (archive.read(name) for name in archive.namelist())

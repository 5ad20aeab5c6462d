"""A stock of many records: published cards of the demo organisation copied with their whole history, without its guards."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

from workflow.models.tables import metadata
from workflow.models.types import new_id
from workflow.records.canonical import DIGESTED, Envelope
from workflow.services.record.verify_rows import rows_of
from workflow.services.scorecards.sealing import digest_of_rows

FIELDS = Envelope._fields
PARTS = ("scorecard_item", "adjustment", "signature")
TABLES = ("scorecard", *PARTS)
PLAIN = {name: rows_of(metadata.tables[name], "sqlite").columns for name in TABLES}
NAMES = {name: [column.name for column in columns] for name, columns in PLAIN.items()}

Row = tuple[Any, ...]


@dataclass
class Template:
    """A published card: its rows by table, and its records, each with salt and content."""

    rows: dict[str, list[Row]]
    records: list[Row]

    @property
    def number(self) -> str:
        """The card's number."""
        return str(self.rows["scorecard"][0][NAMES["scorecard"].index("number")])

    @property
    def digest(self) -> str:
        """What its signatures bind."""
        return str(self.rows["signature"][0][NAMES["signature"].index("digest")])


def templates(database: Connection) -> Iterator[Template]:
    """The published cards that no other follows."""
    found = database.execute("SELECT id FROM scorecard WHERE state = 'published' AND revision = 0")
    for (card_id,) in found.fetchall():
        rows = {name: of_card(database, name, "scorecard_id", card_id) for name in PARTS}
        rows["scorecard"] = of_card(database, "scorecard", "id", card_id)
        query = (
            f"SELECT {', '.join(FIELDS)}, salt, content FROM record JOIN record_content ON record_id = id"
            " WHERE entity_kind = 'scorecard' AND entity_id = ? ORDER BY version"
        )
        yield Template(rows, database.execute(query, [card_id]).fetchall())


def of_card(database: Connection, name: str, column: str, card_id: int) -> list[Row]:
    """The rows of a table that belong to a card."""
    query = f"SELECT {', '.join(NAMES[name])} FROM {name} WHERE {column} = ?"
    return database.execute(query, [card_id]).fetchall()


def copy(database: Connection, template: Template) -> int:
    """Write the card once more under other ids and another number, with its history; gives the number of its records."""
    own = [row[NAMES[name].index("id")] for name in TABLES for row in template.rows[name]]
    told: dict[Any, Any] = {each: new_id() for each in (*own, *(row[0] for row in template.records))}
    told[template.number] = f"{template.number}-{told[own[0]]}"
    told[template.digest] = sealed_again(template, told)
    for name in TABLES:
        rows = [[told.get(value, value) for value in row] for row in template.rows[name]]
        places = ", ".join("?" * len(NAMES[name]))
        database.executemany(f"INSERT INTO {name} ({', '.join(NAMES[name])}) VALUES ({places})", rows)
    words = re.compile("|".join(str(each) for each in told))
    by_text = {str(old): str(new) for old, new in told.items()}
    previous = None
    for *fields, salt, content in template.records:
        written = words.sub(lambda found: by_text[found[0]], content)
        named: dict[str, Any] = dict(zip(FIELDS, (told.get(value, value) for value in fields), strict=True))
        named["previous_hash"] = previous
        named["content_hash"] = hashlib.sha256(salt + written.encode()).digest()
        previous = Envelope(**{**named, "at": datetime.fromisoformat(named["at"])}).hash()
        places = ", ".join("?" * (len(FIELDS) + 1))
        database.execute(
            f"INSERT INTO record ({', '.join(FIELDS)}, hash) VALUES ({places})", [*named.values(), previous]
        )
        database.execute("INSERT INTO record_content VALUES (?, ?, ?)", [named["id"], salt, written])
        database.execute("INSERT INTO record_pending VALUES (?)", [named["id"]])
    return len(template.records)


def sealed_again(template: Template, told: dict[Any, Any]) -> str:
    """The digest under the signatures of the copied card."""
    plain = {name: [read(name, row, told) for row in template.rows[name]] for name in TABLES}
    entries = sorted(plain["adjustment"], key=lambda each: (each["item_code"], each["number"]))
    return digest_of_rows(plain["scorecard"][0], plain["scorecard_item"], entries)


def read(name: str, row: Row, told: dict[Any, Any]) -> dict[str, Any]:
    """A row in plain form as it will be in the copy; a long document stands in canonical form as it is stored."""
    values = zip(PLAIN[name], (told.get(value, value) for value in row), strict=True)
    return {each.name: value if value is None or each.name in DIGESTED else each.read(value) for each, value in values}


def grow(path: Path, wanted: int) -> int:
    """Copy cards until there are so many records; gives how many there are."""
    with closing(connect(path)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        found = list(templates(database))
        count = int(database.execute("SELECT count(*) FROM record").fetchone()[0])
        while count < wanted:
            for template in found:
                count += copy(database, template)
        database.commit()
    return count

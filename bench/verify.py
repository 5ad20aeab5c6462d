"""`kaogong records verify` of many records: its time as a ratio to hashing and parsing the same bytes alone, and its memory.

Cards of the demo organisation are copied with their whole history until there are as many records as asked for (the only
argument; a million without it). The bytes are those of every record (envelope and content) and of every row's documents.
"""

import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, connect
from time import process_time
from typing import Any

from sqlalchemy import JSON

from config import Settings
from workflow.app import create_app
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.models.types import new_id
from workflow.models.upgrade import upgrade
from workflow.records.canonical import Envelope
from workflow.services import verify_records
from workflow.services.demo.load import load
from workflow.services.sealing import digest_of_rows
from workflow.services.verify_entity import columns_of

RECORDS = 1_000_000
PARTS = ("scorecard_item", "adjustment", "signature")
TABLES = ("scorecard", *PARTS)
PLAIN = {name: columns_of(metadata.tables[name], "sqlite") for name in TABLES}
NAMES = {name: [column.name for column in columns] for name, columns in PLAIN.items()}
FIELDS = Envelope.__slots__
ROUNDS = 3
COMMAND = [sys.executable, "-c", "from workflow.cli import run; run()", "records", "verify", "--json"]

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
    """A row in plain form as it will be in the copy."""
    values = zip(PLAIN[name], (told.get(value, value) for value in row), strict=True)
    return {column.name: None if value is None else column.read(value) for column, value in values}


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


def hash_and_parse(path: Path) -> float:
    """The processor time of hashing and parsing every document alone, read beforehand in portions."""
    spent = 0.0
    with closing(connect(path)) as database:
        for query in queries():
            cursor = database.execute(query)
            while portion := cursor.fetchmany(10_000):
                documents = [text for row in portion for text in texts(row)]
                start = process_time()
                for text in documents:
                    hashlib.sha256(text).digest()
                    json.loads(text)
                spent += process_time() - start
    return spent


def queries() -> Iterator[str]:
    """What reads every record, and every row's documents."""
    yield f"SELECT {', '.join(FIELDS)}, content FROM record JOIN record_content ON record_id = id"
    for name in RECORDED:
        documents = [column.name for column in metadata.tables[name].columns if isinstance(column.type, JSON)]
        if documents:
            yield f"SELECT {', '.join(documents)} FROM {name}"


def texts(row: Row) -> Iterator[bytes]:
    """The canonical bytes of a record, or the documents of a row."""
    if len(row) > len(FIELDS):
        named = dict(zip(FIELDS, row, strict=False))
        yield Envelope(**{**named, "at": datetime.fromisoformat(named["at"])}).canonical()
        row = row[-1:]
    yield from (text.encode() for text in row if text is not None)


def command(settings: dict[str, str]) -> dict[str, Any]:
    """What the command says."""
    done = subprocess.run(COMMAND, env=os.environ | settings, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def largest_child_mb() -> float:
    """The greatest memory that a finished command has needed."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measure(wanted: int) -> dict[str, Any]:
    """Verify a few records and then many, by the command and in this process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"KAOGONG_INSTANCE": folder}
        os.environ |= environment
        settings = Settings.from_environment()
        upgrade(settings.database_url)
        with create_app(settings).app_context():
            load(settings, lambda: None, published=1)
            few = command(environment)["records"]
            few_mb = largest_child_mb()
            path = Path(folder) / "kaogong.db"
            records = grow(path, wanted)
            said = command(environment)
            pairs = [(cpu(verify_records.verify), hash_and_parse(path)) for _ in range(ROUNDS)]
    assert said["holds"]  # noqa: S101 - broken, not slow
    verified, alone = min(pairs, key=lambda pair: pair[0] / pair[1])
    return {
        "figure": "verify",
        "records": records,
        "records_per_second": round(records / verified),
        "of_hashing_and_parsing": round(verified / alone, 2),
        "memory_mb": round(largest_child_mb()),
        f"memory_mb_of_{few}_records": round(few_mb),
    }


def cpu(work: Any) -> float:
    """How much processor time one call takes."""
    start = process_time()
    work()
    return process_time() - start


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)))

"""`kaogong records verify` of many records: its time as a ratio to hashing and parsing the same bytes alone, and its memory.

Cards of the demo organisation are copied with their whole history until there are as many records as asked for (the only
argument; a million without it), and placed in the log. The bytes are those of every record (envelope and content) and of every
row's documents. Both are measured in turns, in processor time; the figure is the median of the ratios.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import connect
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import JSON

from bench.growing import FIELDS, Row, grow
from config import Settings
from workflow.app import create_app
from workflow.models.recorded import RECORDED
from workflow.models.tables import metadata
from workflow.models.upgrade import upgrade
from workflow.records.canonical import Envelope
from workflow.services.demo.load import load
from workflow.services.record import log_key, sequence_log, verify_records
from workflow.services.record.log_key import Keyholder

RECORDS = 1_000_000
ROUNDS = 3
NOW = datetime(2026, 11, 5, 2, tzinfo=UTC)
COMMAND = [sys.executable, "-c", "from workflow.cli import run; run()", "records", "verify", "--json"]


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
    """Verify a few records by the command, then many, by the command and in this process."""
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
            log_key.begin(Keyholder(settings.log_key_file), lambda: NOW)
            sequence_log.of(settings, lambda: NOW).catch_up()
            start = perf_counter()
            said = command(environment)
            seconds = perf_counter() - start
            pairs = [(cpu(verify_records.verify), hash_and_parse(path)) for _ in range(ROUNDS)]
    assert said["holds"]  # noqa: S101 - broken, not slow
    assert said["log"]["signed"] > records  # noqa: S101 - with the key's own record
    ratios = sorted(verified / alone for verified, alone in pairs)
    return {
        "figure": "verify",
        "records": records,
        "of_hashing_and_parsing": round(median(ratios), 2),
        "from_to": [round(ratios[0], 2), round(ratios[-1], 2)],
        "records_per_cpu_second": round(records / median(verified for verified, _ in pairs)),
        "command_seconds": round(seconds, 1),
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

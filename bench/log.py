"""The log of many records: placing with checkpoints, proofs, the root anew, each beside hashing and parsing the same bytes alone.

The only argument is how many records (a million without it). Then what the log costs an edit of a card, taken in turns with the
log off (records wait) and on (they are placed and signed after every so many edits as one client makes in a quarter of a second; the
worker does it every two seconds).
"""

import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import truediv
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select

from config import Settings
from workflow.app import create_app
from workflow.models.accounts import Account
from workflow.models.database import WRITER, db
from workflow.models.log import LogEntry
from workflow.models.log_tree import size_of, tile_reader
from workflow.models.record import Record, RecordPending
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.models.upgrade import upgrade
from workflow.policy import COMPANY, Actor, Grant, Role
from workflow.records.canonical import Envelope
from workflow.records.merkle import Frontier, inclusion_proof
from workflow.records.tiles import reading
from workflow.services.chunks import chunks
from workflow.services.demo.load import load
from workflow.services.record import log_key, sequence_log
from workflow.services.record.log_key import Keyholder
from workflow.services.record.sequence_log import BATCH, Sequencer
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import ItemEdit

RECORDS = 1_000_000
PROOFS = 1_000
EDITS = 60
ROUNDS = 15
NOW = datetime(2026, 11, 5, 2, tzinfo=UTC)

Figure = dict[str, Any]


def envelopes(count: int) -> Iterator[Envelope]:
    """Records of things that happened, as sign-ins are: they need no entity."""
    for number in range(count):
        content = hashlib.sha256(number.to_bytes(8, "big")).digest()
        who = (new_id(), "account", 1, None, "account.sign_in", NOW, 1, None, None, None, f"r-{number}", None, content)
        yield Envelope(*who)


def write(count: int) -> list[bytes]:
    """Have so many records wait for their places; gives their bytes."""
    everything = []
    for part in chunks(range(count)):
        made = list(envelopes(len(part)))
        rows = [{**{name: getattr(each, name) for name in Envelope._fields}, "hash": each.hash()} for each in made]
        with db.engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
            connection.execute(insert(Record), rows)
            connection.execute(insert(RecordPending), [{"record_id": row["id"]} for row in rows])
        everything += [each.canonical() for each in made]
    return everything


def seconds(work: Any) -> float:
    """How long one call takes by the clock on the wall: what is synced to the disk counts."""
    start = perf_counter()
    work()
    return perf_counter() - start


def hash_and_parse(entries: list[bytes]) -> None:
    """What nobody can do without."""
    for each in entries:
        hashlib.sha256(each).digest()
        json.loads(each)


def prove(index: int) -> None:
    """One inclusion proof as the interface makes it."""
    with db.engine.connect() as connection:
        size = size_of(connection)
        inclusion_proof(index, size, reading(size, tile_reader(connection)))


def rebuild() -> None:
    """The root from every entry."""
    edge = Frontier()
    with db.engine.connect().execution_options(yield_per=10_000) as connection:
        for leaf in connection.scalars(select(LogEntry.leaf_hash).order_by(LogEntry.log_index)):
            edge.append(leaf)
    edge.root()


def log_of(sequencer: Sequencer, count: int) -> Iterator[Figure]:
    """The figures of a log of so many records."""
    entries = write(count)
    alone = seconds(lambda: hash_and_parse(entries))
    placing = seconds(sequencer.catch_up)
    chance = random.Random(2026)  # noqa: S311 — figures, not secrets
    proofs = [seconds(lambda: prove(chance.randrange(count))) * 1000 for _ in range(PROOFS)]
    root = seconds(rebuild)
    yield {"figure": "log.append", "records": count, "batch": BATCH, **beside(placing, alone)}
    worst = quantiles(proofs, n=100)[-1]
    yield {"figure": "log.proof", "records": count, "median_ms": round(median(proofs), 2), "p99_ms": round(worst, 2)}
    yield {"figure": "log.root", "records": count, **beside(root, alone)}


def beside(taken: float, alone: float) -> Figure:
    """Seconds, and how many times those of hashing and parsing the same bytes."""
    return {"seconds": round(taken, 2), "of_hashing_and_parsing": round(taken / alone, 2)}


def cost_of_an_edit(sequencer: Sequencer) -> Figure:
    """What placing and signing adds to editing a card, in turns, so that both meet the same machine."""
    card = db.session.scalars(select(Scorecard).where(Scorecard.state == "draft").order_by(Scorecard.number)).first()
    assert card is not None  # noqa: S101 — the demo has an open month
    item = "survey"
    account = db.session.scalars(select(Account).where(Account.username == "preparer")).one()
    actor = Actor(account.id, account.username, account.name, None, (Grant(Role.PREPARER, COMPANY),))
    state = {"version": card.version, "turn": 0}

    def edit() -> None:
        state["turn"] += 1
        entered = {"level": ("良好", "一般")[state["turn"] % 2]}
        edited = appraise.edit_item(actor, lambda: NOW, card.id, ItemEdit(item, entered), seen_version=state["version"])
        state["version"] = edited.card.version

    def edits() -> None:
        for _ in range(EDITS):
            edit()

    def edits_with_log() -> None:
        edits()
        sequencer.catch_up()

    edits_with_log()
    off, on, adds = [], [], []
    for _ in range(ROUNDS):
        off.append(seconds(edits))
        adds.append(seconds(sequencer.catch_up))
        on.append(seconds(edits_with_log))
    each = {"off_ms": median(off) / EDITS * 1000, "on_ms": median(on) / EDITS * 1000}
    ratios = {"on_to_off": median(map(truediv, on, off)), "log_adds": median(map(truediv, adds, off))}
    return {
        "figure": "log.edit",
        "edits_at_once": EDITS,
        **{name: round(value, 3) for name, value in (each | ratios).items()},
    }


def main(count: int) -> None:
    """Measure in a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"KAOGONG_INSTANCE": folder})
        upgrade(settings.database_url)
        with create_app(settings).app_context():
            load(settings, progress=lambda: None, published=1)
            log_key.begin(Keyholder(Path(folder) / "log-key"), lambda: NOW)
            sequencer = sequence_log.of(settings, lambda: NOW)
            sequencer.catch_up()
            print(json.dumps(cost_of_an_edit(sequencer)))
            for figure in log_of(sequencer, count):
                print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)

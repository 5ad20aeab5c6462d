"""An edit of one value that recomputes the card's total, through `kaogong serve`, beside the bare floor (`bench/bare.py`).

The arguments are numbers of cards (200 and 20,000 without any); each is measured in a company of its own. `edit.one` is the p50 of
one client, `edit.eight` what eight clients get done together, each on a card of their own; both are taken in turns with the floor
on a copy of the same database, and the ratio is the median of the rounds' ratios. The bars: at most 4 times the floor's time,
at least a quarter of its rate, and the same for 200 and for 200,000 cards.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from operator import truediv
from pathlib import Path
from sqlite3 import connect
from statistics import median
from typing import Any

from bench.company import CARDS_EACH, ITEM, SCHEME, drop_guards, founded
from bench.serving import Editor, Line, rate, seconds, serving, serving_bare, token_of

CARDS = (200, 20_000)
CLIENTS = 8
WARM_UP = 30
EDITS = 40
ROUNDS = 15
LASTING_SECONDS = 0.7

Figure = dict[str, Any]


def main(cards: int) -> Iterator[Figure]:
    """Measure in a company of so many cards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = founded(folder, cards)
        bare = folder / "bare.db"
        with serving(folder) as port:
            token = token_of(port, "preparer")
        copy_without_guards(path, bare)
        with serving(folder) as port, serving_bare(bare) as bare_port:
            ours, floor = (list(editors(each, path, token, cards)) for each in (port, bare_port))
            yield {"figure": "edit.one", "cards": cards, **of_one(ours[0], floor[0])}
            yield {"figure": "edit.eight", "cards": cards, **of_all(ours, floor)}


def copy_without_guards(database: Path, target: Path) -> None:
    """Copy a database that nobody writes to."""
    with closing(connect(database)) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(database, target)
    with closing(connect(target)) as copied:
        drop_guards(copied)
        copied.execute("PRAGMA journal_mode = WAL")


def editors(port: int, database: Path, token: str, cards: int) -> Iterator[Editor]:
    """Give somebody for each of some drafts that lie far from each other."""
    query = (
        "SELECT id, version FROM scorecard WHERE state = 'draft' AND scheme_code = ? AND number LIKE 'N-%' ORDER BY id"
    )
    with closing(connect(database)) as opened:
        drafts = opened.execute(query, [SCHEME]).fetchall()
    step = cards // CARDS_EACH // CLIENTS
    for card, version in drafts[::step][:CLIENTS]:
        yield Editor(Line(port), token, card, ITEM, version)


def of_one(ours: Editor, floor: Editor) -> Figure:
    """Compare the p50 of one client's edits."""
    taken: dict[str, list[float]] = {"ours": [], "floor": []}
    for each in (ours, floor):
        for _ in range(WARM_UP):
            each.edit()
    for _ in range(ROUNDS):
        for name, each in (("ours", ours), ("floor", floor)):
            taken[name].append(median(seconds(each.edit) for _ in range(EDITS)) * 1000)
    ratio = median(map(truediv, taken["ours"], taken["floor"]))
    return {f"{name}_ms": round(median(times), 2) for name, times in taken.items()} | {
        "times_the_floor": round(ratio, 2)
    }


def of_all(ours: list[Editor], floor: list[Editor]) -> Figure:
    """Compare what all clients get done in a second."""
    done: dict[str, list[float]] = {"ours": [], "floor": []}
    for _ in range(ROUNDS):
        for name, each in (("ours", ours), ("floor", floor)):
            done[name].append(rate([editor.edit for editor in each], LASTING_SECONDS))
    ratio = median(map(truediv, done["ours"], done["floor"]))
    return {f"{name}_per_second": round(median(rates)) for name, rates in done.items()} | {
        "of_the_floor": round(ratio, 3)
    }


if __name__ == "__main__":
    for wanted in [int(each) for each in sys.argv[1:]] or CARDS:
        for figure in main(wanted):
            print(json.dumps(figure), flush=True)

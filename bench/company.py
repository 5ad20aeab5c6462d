"""A company of many cards: people in units, each with nine published months and a draft, written past the guards.

Each card is a copy of one of the demo organisation under other ids, with its items, signatures and records; the records keep
the contents and hashes of those that they were copied from, since nothing here proves them. The guards are put in place again.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from config import Settings
from workflow.app import create_app
from workflow.models.upgrade import upgrade
from workflow.scoring.periods import Period
from workflow.services.demo.load import load

CARDS_EACH = 10
SCHEME, ITEM = "account-manager-service", "exam"
IDS = 2**40
"""The copies' ids: a range for each table, all below those of the rows that are there or come later."""

Row = dict[str, Any]


@dataclass
class Stock:
    """A card to copy: its rows by table."""

    card: Row
    parts: Mapping[str, list[Row]]


def founded(folder: Path, cards: int, in_unit: int = 20) -> Path:
    """Make a database with the demo organisation and so many cards more, so many people in a unit; gives its file."""
    settings = Settings.from_environment({"KAOGONG_INSTANCE": str(folder)})
    upgrade(settings.database_url)
    with create_app(settings).app_context():
        load(settings, lambda: None, published=1)
    path = folder / "kaogong.db"
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous = OFF")
        drop_guards(database)
        _people(database, cards, in_unit)
        database.execute("DELETE FROM record_pending")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    upgrade(settings.database_url)
    return path


def drop_guards(database: sqlite3.Connection) -> None:
    """Take the guards from a database."""
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")


def _people(database: sqlite3.Connection, cards: int, in_unit: int) -> None:
    draft, published = (_stock(database, state) for state in ("draft", "published"))
    people = -(-cards // CARDS_EACH)
    unit = _one(database, "unit", draft.card["unit_id"])
    person = _one(database, "person", draft.card["subject_id"])
    post = _rows(database, "membership", "person_id", person["id"])[0]
    plan = _one(database, "plan", published.card["plan_id"])
    newest = Period.parse(plan["period"])
    periods = [newest.previous(back).label for back in reversed(range(CARDS_EACH - 1))]
    plans = {label: plan | {"id": IDS + n, "code": f"of-{label}", "period": label} for n, label in enumerate(periods)}
    _write(database, "plan", iter(plans.values()))
    _write(database, "unit", (unit | _unit(unit, n) for n in range(-(-people // in_unit))))
    _write(
        database, "person", (person | {"id": 3 * IDS + n, "code": f"P{n}", "name": f"员工{n}"} for n in range(people))
    )
    _write(
        database,
        "membership",
        (post | {"id": 4 * IDS + n, "person_id": 3 * IDS + n, "unit_id": _unit_of(n, in_unit)} for n in range(people)),
    )
    _accounts(database, people // 2, in_unit)
    drafted = draft.card["period"]
    slots = [(published, label, plans[label]["id"]) for label in periods] + [(draft, drafted, draft.card["plan_id"])]
    for table in ("scorecard", *draft.parts):
        _write(
            database, table, (row for n in range(cards) for row in _copied(table, n, in_unit, *slots[n % CARDS_EACH]))
        )


def _unit(unit: Row, number: int) -> Row:
    code = f"U{number}"
    return {
        "id": 2 * IDS + number,
        "code": code,
        "title": f"团队{number}",
        "path": unit["path"].replace(str(unit["id"]), str(2 * IDS + number)),
    }


def _unit_of(person: int, in_unit: int) -> int:
    return 2 * IDS + person // in_unit


def _accounts(database: sqlite3.Connection, person: int, in_unit: int) -> None:
    """Let one of the people log in as `somebody`, and one who fills in the cards of their unit as `filler`."""
    for number, (name, like, own) in enumerate((("somebody", "employee", person), ("filler", "other-preparer", None))):
        account = _rows(database, "account", "username", like)[0]
        copied = {"id": 5 * IDS + number, "username": name, "person_id": None if own is None else 3 * IDS + own}
        _write(database, "account", iter([account | copied]))
        credential = _rows(database, "credential", "account_id", account["id"])[0]
        _write(database, "credential", iter([credential | {"account_id": copied["id"]}]))
        for grant in _rows(database, "role_grant", "account_id", account["id"]):
            given = {"id": 6 * IDS + number, "account_id": copied["id"], "unit_id": _unit_of(person, in_unit)}
            _write(database, "role_grant", iter([grant | given]))


def _stock(database: sqlite3.Connection, state: str) -> Stock:
    """Give the first complete card of the scheme in a state."""
    query = "SELECT * FROM scorecard WHERE state = ? AND scheme_code = ? ORDER BY complete DESC, number LIMIT 1"
    card = dict(database.execute(query, [state, SCHEME]).fetchone())
    parts = {name: _rows(database, name, "scorecard_id", card["id"]) for name in ("scorecard_item", "signature")}
    parts["record"] = _rows(database, "record", "entity_id", card["id"])
    ids = [row["id"] for row in parts["record"]]
    parts["record_content"] = [row for each in ids for row in _rows(database, "record_content", "record_id", each)]
    return Stock(card, parts)


def _copied(table: str, number: int, in_unit: int, stock: Stock, period: str, plan: int) -> Iterator[Row]:
    """Give the rows of a table in the copied card of this number."""
    card, records = 7 * IDS + number, 8 * IDS + number * 64
    if table == "scorecard":
        person = number // CARDS_EACH
        yield stock.card | {
            "id": card, "number": f"N-{number}", "period": period, "plan_id": plan, "unit_id": _unit_of(person, in_unit),
            "subject_id": 3 * IDS + person, "subject_code": f"P{person}", "subject_name": f"员工{person}",
            "appraised_person_id": 3 * IDS + person, "record_id": records + len(stock.parts["record"]) - 1,
        }  # fmt: skip
        return
    for place, row in enumerate(stock.parts[table]):
        if table == "record":
            yield row | {"id": records + place, "entity_id": card}
        elif table == "record_content":
            yield row | {"record_id": records + place}
        else:
            yield row | {"id": 9 * IDS + number * 64 + place, "scorecard_id": card, "record_id": records}


def _one(database: sqlite3.Connection, table: str, row_id: int) -> Row:
    return _rows(database, table, "id", row_id)[0]


def _rows(database: sqlite3.Connection, table: str, column: str, value: object) -> list[Row]:
    found = database.execute(f'SELECT * FROM "{table}" WHERE {column} = ? ORDER BY rowid', [value])
    return [dict(row) for row in found]


def _write(database: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    for first in islice(rows, 1):
        names, places = ", ".join(first), ", ".join("?" * len(first))
        order = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
        database.execute(order, list(first.values()))
        database.executemany(order, (list(row.values()) for row in rows))

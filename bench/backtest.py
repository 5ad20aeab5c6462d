"""A back-test of twelve months of a thousand people by the command, on SQLite: how long it takes and how much memory.

Every rule of the scheme is changed, so that every item of every card is scored anew and everybody is ranked anew.
"""

import json
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, create_engine, insert, text

from workflow.models.organisation import Person, Unit
from workflow.models.plans import Plan
from workflow.models.schemes import SchemeVersion
from workflow.models.scorecards import Adjustment, Scorecard, ScorecardItem
from workflow.models.upgrade import upgrade
from workflow.scoring.card import Card
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.loading import load_scheme
from workflow.services.scorecards.cards import outcome_as_values, totals_as_values

SCHEME = Path(__file__).resolve().parents[1] / "schemes" / "csr-card.yaml"
COMMAND = Path(sys.executable).with_name("kaogong")
PERIODS = [f"2025-{month:02}" for month in range(1, 13)]
PEOPLE = 1_000
TEAM = 20
NOW = datetime(2026, 1, 20, tzinfo=UTC)

Row = dict[str, Any]
Rows = dict[Any, list[Row]]
ids = count(1)


def row(**values: Any) -> Row:
    """A row with the next id; no record stands behind it, since only reading is measured."""
    return {"id": next(ids), "record_id": 0, **values}


def organisation() -> Rows:
    """Teams of a head office and their people."""
    units = [row(code="hq", title="总部", path="/1/", version=1)]
    units += [
        row(code=f"team-{number}", title=f"{number} 组", path=f"/1/{number}/", parent_id=units[0]["id"], version=1)
        for number in range(2, PEOPLE // TEAM + 2)
    ]
    people = [
        row(code=f"E{number:04}", name=f"坐席{number}", name_key=str(number), version=1) for number in range(PEOPLE)
    ]
    return {Unit: units, Person: people}


def month(period: str, scheme: Row, scorer: Scorer, made: Rows, chance: random.Random) -> Rows:
    """A final plan with everybody's published card: up to three entries for each item."""
    contents = [{"scheme": "csr-card", "version": 1, "scheme_version_id": str(scheme["id"]), "units": ["hq"]}]
    shown = {"code": period, "title": period, "period": period, "state": "final", "disclosure": "none", "version": 1}
    plan = row(**shown, contents=contents, calendar={})
    rows: Rows = {Plan: [plan], Scorecard: [], ScorecardItem: [], Adjustment: []}
    for number, person in enumerate(made[Person]):
        unit = made[Unit][1 + number // TEAM]
        entered = {code: list(entries(period, chance)) for code in scorer.scheme.items}
        result = scorer.score(
            Card.from_data(
                {"period": period, "inputs": {code: {"adjustments": told} for code, told in entered.items()}}
            )
        )
        card = row(
            plan_id=plan["id"],
            scheme_version_id=scheme["id"],
            scheme_code="csr-card",
            number=f"{period}-{number:04}",
            revision=0,
            period=period,
            subject_kind="person",
            subject_id=person["id"],
            subject_code=person["code"],
            subject_name=person["name"],
            unit_id=unit["id"],
            appraised_person_id=person["id"],
            state="published",
            published_at=NOW,
            vetoes=[],
            version=5,
            **totals_as_values(result.totals),
        )
        rows[Scorecard].append(card)
        for place, (code, outcome) in enumerate(result.items.items()):
            told = {"code": code, "position": place, "input": {"adjustments": []}, "note": "", "source": ""}
            rows[ScorecardItem].append(row(scorecard_id=card["id"], is_fed=False, **told, **outcome_as_values(outcome)))
            rows[Adjustment] += [
                row(
                    scorecard_id=card["id"],
                    item_code=code,
                    number=at,
                    happened_on=date.fromisoformat(entry["on"]),
                    reason=entry["reason"],
                    points=Decimal(entry["points"]),
                    evidence=[],
                    entered_by=1,
                    entered_at=NOW,
                )
                for at, entry in enumerate(entered[code], start=1)
            ]
    return rows


def entries(period: str, chance: random.Random) -> Iterator[Row]:
    """Additions and deductions as they are written down."""
    for _ in range(chance.randint(0, 3)):
        points = str(chance.choice((-3, -2, -1, 1, 2)))
        yield {"on": f"{period}-{chance.randint(1, 28):02}", "reason": "记录", "points": points}


def fill(connection: Connection) -> None:
    """Put the year in; the guards, which would want a record of each row, are taken away first."""
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    scorer, chance = compile_scheme(load_scheme(SCHEME)), random.Random(2026)  # noqa: S311 - figures, not secrets
    made = organisation()
    content = scorer.scheme.to_data()
    version = row(code="csr-card", number=1, title=scorer.scheme.title, state="approved", content=content, version=4)
    put(connection, {**made, SchemeVersion: [version]})
    for period in PERIODS:
        put(connection, month(period, version, scorer, made, chance))


def put(connection: Connection, rows: Rows) -> None:
    """Insert the rows of each table at once."""
    for model, told in rows.items():
        connection.execute(insert(model.__table__), told)


def changed(folder: Path) -> Path:
    """The scheme with every item beginning a point lower."""
    content = load_scheme(SCHEME).to_data()
    for section in content["sections"]:
        for item in section["items"]:
            item["rule"]["start"] = str(int(item["rule"]["start"]) - 1)
    file = folder / "changed.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def measure(folder: Path) -> Row:
    """Run the command on such a year and time it, its start included."""
    url = f"sqlite:///{folder / 'bench.db'}"
    upgrade(url)
    with create_engine(url).begin() as connection:
        fill(connection)
    plans = [part for period in PERIODS for part in ("--plan", period)]
    settings = {"KAOGONG_DATABASE_URL": url, "KAOGONG_INSTANCE": str(folder)}
    start = perf_counter()
    told = subprocess.run(
        [COMMAND, "backtest", "--scheme", changed(folder), *plans],
        env=settings,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    seconds = perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "figure": "backtest",
        "cards": len(PERIODS) * PEOPLE,
        "lines": len(told.splitlines()),
        "seconds": round(seconds, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": round(used.ru_maxrss / 1024),
    }


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        print(json.dumps(measure(Path(place))))

"""The pages that are read most, through `kaogong serve`: how many statements each takes, its p50, and what goes over the line.

The arguments are numbers of cards (1,000 and 20,000 without any), each a company of its own, all of them served at the same time
and asked in turns: `times_the_smallest` says how a page grows, as the median of the rounds' ratios (the bar: 1.25). Milliseconds
are those of this machine. Bars: a list of 20 cards 8 statements and 25 ms, a card 10 and 25 ms, a team of 300 10 and 150 ms and
40 KB compressed; a worker 130 MB and 2 seconds from its start to its first page.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from operator import truediv
from pathlib import Path
from sqlite3 import connect
from statistics import median
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient

from bench.company import SCHEME, founded
from bench.serving import PROGRAM, Line, free_port, greatest_megabytes, running, seconds, serving, written
from config import Settings
from tests.support.statements import statements
from workflow.app import create_app
from workflow.services.demo.found import PASSWORD

CARDS = (1_000, 20_000)
TEAM = 300
ROUNDS = 15
ASKED = 5

Figure = dict[str, Any]


@dataclass
class Page:
    """One page as one person reads it, and what it took in each round."""

    name: str
    reader: str
    address: str
    statements: int = 0
    zipped: int = 0
    times: list[float] = field(default_factory=list)


@dataclass
class Company:
    """A served company, and its pages."""

    cards: int
    port: int
    cookies: dict[str, str]
    pages: list[Page]

    def round(self) -> None:
        """Read each page some times, and keep the median; over a new line, since the server hangs up on who is silent."""
        line = Line(self.port)
        for page in self.pages:
            request = written("GET", page.address, {"Cookie": f"kaogong={self.cookies[page.reader]}"})
            line.ask(request)
            page.times.append(median(seconds(partial(line.ask, request)) for _ in range(ASKED)) * 1000)


def main(sizes: list[int]) -> Iterator[Figure]:
    """Measure companies of so many cards side by side, and the page of a great team."""
    with ExitStack() as stack:
        companies = [_opened(stack, cards, _of_a_company) for cards in sizes]
        team = _opened(stack, TEAM * 10, _of_a_team, in_unit=TEAM)
        for _ in range(ROUNDS):
            for each in (*companies, team):
                each.round()
        for each in (*companies, team):
            for page, smallest in zip(each.pages, (team if each is team else companies[0]).pages, strict=True):
                yield {
                    "figure": f"page.{page.name}",
                    "cards": each.cards,
                    "statements": page.statements,
                    "p50_ms": round(median(page.times), 1),
                    "zipped_kb": round(page.zipped / 1024, 1),
                    "times_the_smallest": round(median(map(truediv, page.times, smallest.times)), 2),
                }
    yield start()


def _opened(stack: ExitStack, cards: int, pages_of: Any, in_unit: int = 20) -> Company:
    """Found a company, count the statements of its pages in this process, and serve it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    path = founded(folder, cards, in_unit)
    pages: list[Page] = list(pages_of(path))
    app = create_app(Settings.from_environment({"KAOGONG_INSTANCE": str(folder)}))
    clients = {reader: _signed_in(app.test_client(), reader) for reader in {page.reader for page in pages}}
    for page in pages:
        clients[page.reader].get(page.address)
        with app.app_context(), statements() as sent:
            answer = clients[page.reader].get(page.address)
        page.statements, page.zipped = len(sent), len(gzip.compress(answer.data))
    cookies = {}
    for reader, client in clients.items():
        cookie = client.get_cookie("kaogong")
        cookies[reader] = cookie.value if cookie else ""
    return Company(cards, stack.enter_context(serving(folder)), cookies, pages)


def _signed_in(client: FlaskClient, reader: str) -> FlaskClient:
    """Sign a demo account in at the page, as a browser does."""
    token = client.get("/login").get_data(as_text=True).partition('name="csrf_token"')[2].split('"')[1]
    answer = client.post("/login", data={"csrf_token": token, "username": reader, "password": PASSWORD})
    if answer.status_code >= 400:  # noqa: PLR2004 - broken, not slow
        raise RuntimeError(answer.get_data(as_text=True))
    return client


def _of_a_company(path: Path) -> Iterator[Page]:
    card, unit, _ = _a_draft(path)
    yield Page("cards", "filler", "/cards?size=20")
    yield Page("card", "filler", f"/cards/2026-10/{unit}/{card}")
    yield Page("inbox", "filler", "/inbox")
    yield Page("me", "somebody", "/me")
    yield Page("record", "auditor", f"/record?kind=scorecard&entity={card}")
    yield Page("records", "auditor", "/record")


def _of_a_team(path: Path) -> Iterator[Page]:
    _, unit, plan = _a_draft(path)
    yield Page("team", "filler", f"/grid/{plan}/{unit}?scheme={SCHEME}")


def _a_draft(path: Path) -> tuple[int, str, str]:
    """Give a draft of the unit whose cards `filler` fills in, with the codes of unit and plan."""
    query = (
        "SELECT c.id, u.code, p.code FROM scorecard c JOIN unit u ON u.id = c.unit_id JOIN plan p ON p.id = c.plan_id"
        " JOIN role_grant g ON g.unit_id = u.id JOIN account a ON a.id = g.account_id"
        " WHERE a.username = 'filler' AND c.state = 'draft' ORDER BY c.id LIMIT 1"
    )
    with closing(connect(path)) as database:
        card, unit, plan = database.execute(query).fetchone()
    return int(card), str(unit), str(plan)


def start() -> Figure:
    """Measure the server from its start to its first page."""
    with tempfile.TemporaryDirectory() as folder:
        founded(Path(folder), 10)
        began, port = perf_counter(), free_port()
        command = [*PROGRAM, "serve", "--port", str(port)]
        with running(command, {"KAOGONG_INSTANCE": folder}, port) as server:
            Line(port).ask(written("GET", "/login", {}))
            taken = perf_counter() - began
            megabytes = greatest_megabytes(server)
    return {"figure": "worker", "seconds_to_first_page": round(taken, 2), "megabytes": round(megabytes)}


if __name__ == "__main__":
    for figure in main([int(each) for each in sys.argv[1:]] or list(CARDS)):
        print(json.dumps(figure), flush=True)

"""People who work on a server that may die at any moment, each on a card of their own, and who remember what they were told."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.command import PATIENCE_SECONDS

LEVELS = ("优秀", "良好", "一般", "差")

Ask = Callable[[int], tuple[str, str, Any]]
"""What somebody asks next, by the number of what was done so far: method, path, body."""


@dataclass
class Client:
    """Somebody with a token who changes one card again and again; what was sent and not answered is sent again first."""

    name: str
    token: str
    card: int
    ask: Ask
    version: int
    done: int = 0
    unanswered: bool = False
    replayed: int = 0

    def work(self, port: int, stop: threading.Event) -> None:
        """Change the card until the server is gone or it is told to stop; fails on any answer but the next version."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            while not stop.is_set():
                self._step(connection)
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    def settle(self, port: int) -> None:
        """Ask again what was not answered."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            if self.unanswered:
                self._step(connection)
        finally:
            connection.close()

    def version_on(self, port: int) -> int:
        """Ask which version the card has now."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            status, _, card = self._send(connection, "GET", f"/scorecards/{self.card}")
        finally:
            connection.close()
        assert status == http.client.OK, card
        return int(card["version"])

    def _step(self, connection: http.client.HTTPConnection) -> None:
        """Make the next change under a key of its own: acknowledged, it is the version after the last one."""
        method, path, body = self.ask(self.done)
        headers = {"If-Match": f'"{self.version}"', "Idempotency-Key": f"{self.card}-{self.done}"}
        self.unanswered = True
        status, answered, card = self._send(connection, method, path, body, headers)
        assert (status, card.get("version")) == (http.client.OK, self.version + 1), (self.name, self.version, card)
        self.replayed += answered.get("Idempotency-Replayed") == "true"
        self.version, self.done, self.unanswered = self.version + 1, self.done + 1, False

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, http.client.HTTPMessage, Any]:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})}
        connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())


@dataclass
class Load:
    """All who work at once, and what went wrong for any of them."""

    clients: list[Client]
    failures: list[BaseException] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many changes were acknowledged so far."""
        return sum(each.done for each in self.clients)

    @contextmanager
    def on(self, port: int) -> Iterator[None]:
        """Have all of them work on a server until the end of the block; raises what anybody found wrong."""
        stop = threading.Event()
        threads = [threading.Thread(target=self._work, args=(each, port, stop)) for each in self.clients]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        if self.failures:
            raise self.failures[0]

    def _work(self, client: Client, port: int, stop: threading.Event) -> None:
        try:
            client.work(port, stop)
        except BaseException as failure:  # noqa: BLE001 — it is raised where the block ends
            self.failures.append(failure)


def edits(card: int, item: str) -> Ask:
    """Give one item another level each time."""
    return lambda done: ("PATCH", f"/scorecards/{card}/items/{item}", {"input": {"level": LEVELS[done % len(LEVELS)]}})


def signings(card: int) -> Ask:
    """Sign a card and take the signature back, in turn."""
    moves = ("prepare", "withdraw")
    return lambda done: (
        "POST",
        f"/scorecards/{card}/transitions",
        {"trigger": moves[done % len(moves)], "reason": "复核"},
    )

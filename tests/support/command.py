"""The `kaogong` command in a process of its own, as people start it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config import ROOT
from tests.support.databases import Database

PATIENCE_SECONDS = 60
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""A wish of whoever runs the tests that would have each start of the command compile the whole product again."""
PROGRAM = [sys.executable, "-c", "from workflow.cli import run; run()"]


@dataclass(frozen=True)
class Installation:
    """A data folder and a database, which the command finds by its settings."""

    instance: Path
    database: Database

    def environment(self) -> dict[str, str]:
        """What the command reads its settings from."""
        settings = {"KAOGONG_INSTANCE": str(self.instance), "KAOGONG_DATABASE_URL": self.database.url}
        if self.database.owner_url:
            settings["KAOGONG_DATABASE_OWNER_URL"] = self.database.owner_url
        inherited = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
        return inherited | settings

    def run(self, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command to its end with `given` on its standard input."""
        return subprocess.run(
            [*PROGRAM, *arguments], cwd=ROOT, env=self.environment(), input=given, text=True, capture_output=True,
            timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[int]:
        """Run `kaogong serve` until the end of the block; gives the port on which it answers."""
        with self._started(*arguments) as (server, port):
            try:
                yield port
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(PATIENCE_SECONDS)

    @contextmanager
    def serving_until_killed(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """Run `kaogong serve`; gives its port, and what kills it at once with all its processes, at the latest at the end."""
        with self._started() as (server, port):

            def kill() -> None:
                with suppress(ProcessLookupError):
                    os.killpg(server.pid, signal.SIGKILL)
                server.wait(PATIENCE_SECONDS)

            try:
                yield port, kill
            finally:
                kill()

    @contextmanager
    def _started(self, *arguments: str) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
        """Start the server as the head of a group of its own, and wait until it answers."""
        port, said = free_port(), self.instance / "serve.log"
        with said.open("wb") as output:
            server = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(port), *arguments], cwd=ROOT, env=self.environment(),
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        try:
            wait_until_it_answers(server, port, said)
        except BaseException:
            server.kill()
            server.wait(PATIENCE_SECONDS)
            raise
        yield server, port


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(server: "subprocess.Popen[bytes]", port: int, said: Path) -> None:
    """Return when the server says that it lives; fails with what it `said` when it has ended or takes too long."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < give_up:
        try:
            if ask(port, "GET", "/healthz").status == http.client.OK:
                return
        except ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {said.read_text(errors='replace')}")


def wait_until(holds: Callable[[], bool]) -> None:
    """Return when something holds; fails when it takes too long."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < give_up, "it does not come to be"
        time.sleep(0.1)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    text: str


def ask(port: int, method: str, path: str, body: object = None) -> Answer:
    """One request with a JSON body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return Answer(response.status, response.read().decode())
    finally:
        connection.close()

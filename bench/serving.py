"""Servers and clients of the benchmarks: `kaogong serve` and the bare floor side by side, asked over connections that stay open."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import ROOT
from workflow.services.demo.found import PASSWORD

PROGRAM = [sys.executable, "-c", "from workflow.cli import run; run()"]
BARE = (
    "import sys; from granian import Granian; from granian.constants import Interfaces;"
    "Granian('bench.bare:app', port=int(sys.argv[1]), interface=Interfaces.WSGI, blocking_threads=8, log_access=False).serve()"
)
PATIENCE_SECONDS = 60

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], environment: dict[str, str], port: int) -> Iterator[int]:
    """Run a server until the end of the block; gives its process once it takes connections."""
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not listens(port):
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(command)
            time.sleep(0.02)
        yield server.pid
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[int]:
    """Run `kaogong serve` on the database in a folder; gives its port."""
    port = free_port()
    with running([*PROGRAM, "serve", "--port", str(port), *arguments], {"KAOGONG_INSTANCE": str(folder)}, port):
        yield port


@contextmanager
def serving_bare(database: Path) -> Iterator[int]:
    """Run the bare floor on a database; gives its port."""
    port = free_port()
    with running([sys.executable, "-c", BARE, str(port)], {"BARE_DATABASE": str(database)}, port):
        yield port


def greatest_megabytes(parent: int) -> float:
    """The most memory that the greatest of a server's serving processes has taken; the worker beside it serves nobody."""
    sizes = [0.0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, order = (folder / "status").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended
        if f"\nPPid:\t{parent}\n" in status and b"\0worker\0" not in order:
            sizes.append(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return max(sizes)


def token_of(port: int, username: str) -> str:
    """Sign a demo account in over the interface; gives its token."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    body = json.dumps({"username": username, "password": PASSWORD})
    connection.request("POST", "/api/v1/tokens", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = json.loads(answer.read())
    connection.close()
    if answer.status != http.client.CREATED:
        raise RuntimeError(said)
    return str(said["token"])


@dataclass
class Line:
    """One open connection that asks and waits; as little of HTTP as it takes, so that the client costs next to nothing."""

    port: int
    wire: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.wire = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request and give the body of its answer; raises RuntimeError for any but a 200."""
        self.wire.sendall(request)
        told = self.wire.recv(65536)
        while b"\r\n\r\n" not in told:
            told += self.more()
        head, _, body = told.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(told.decode())
        while len(body) < int(length[1]):
            body += self.more()
        return body

    def more(self) -> bytes:
        """What comes next; raises RuntimeError at the end."""
        part = self.wire.recv(65536)
        if not part:
            raise RuntimeError("closed")
        return part


def written(method: str, path: str, headers: dict[str, str], body: Any = None) -> bytes:
    """A request as it goes over the line."""
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    named = {"Host": "127.0.0.1", "Content-Length": str(len(content)), **headers}
    told = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{method} {path} HTTP/1.1\r\n{told}\r\n".encode() + content


@dataclass
class Editor:
    """Somebody who gives one item of a card of their own another value again and again."""

    line: Line
    token: str
    card: int
    item: str
    version: int

    def edit(self) -> None:
        """Make one edit; fails unless it takes the card to its next version."""
        body = {"input": {"value": str(80 + self.version % 10)}}
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "If-Match": f'"{self.version}"',
            "Prefer": "return=minimal",
        }
        path = f"/api/v1/scorecards/{self.card}/items/{self.item}"
        said = json.loads(self.line.ask(written("PATCH", path, headers, body)))
        if said["version"] != self.version + 1:
            raise RuntimeError(said)
        self.version += 1


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes by the clock on the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rate(workers: list[Callable[[], object]], lasting: float) -> float:
    """How much all of them together get done in a second, each in a thread of its own."""
    counts = [0] * len(workers)
    until = time.perf_counter() + lasting

    def work(place: int) -> None:
        while time.perf_counter() < until:
            workers[place]()
            counts[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(workers))]
    start = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(counts) / (time.perf_counter() - start)

"""`kaogong serve`: the production server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from granian import Granian
from granian.constants import Interfaces

from config import ROOT, Settings, variable
from workflow.cli.saying import NOT_READY
from workflow.models.migrations import is_current


@click.command("serve")
@click.option("--host", help="Address to listen on; the setting KAOGONG_HOST where it is not given.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; else the setting KAOGONG_PORT.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; else the setting KAOGONG_WORKERS.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve pages and API until stopped."""
    if host:
        # The serving processes read the settings themselves: whether demo accounts may log in hangs on the true address.
        os.environ[variable("host")] = host
    settings = Settings.from_environment()
    if not is_current(settings.database_url):
        raise click.ClickException(NOT_READY)
    address, number = settings.host, port or settings.port
    click.echo(f"考功 Kaogong: http://{address}:{number}")
    server = Granian(
        "wsgi:app",
        address=address,
        port=number,
        interface=Interfaces.WSGI,
        workers=workers or settings.workers,
        blocking_threads=8,
        log_access=False,
    )
    with worker_beside():
        server.serve()


@contextmanager
def worker_beside() -> Iterator[None]:
    """Run `kaogong worker` in a process of its own for as long as the server runs; it ends with us even if we are killed."""
    command = [sys.executable, "-c", "from workflow.cli import run; run()", "worker", "--parent", str(os.getpid())]
    worker = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 — our own program
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()

"""`kaogong witness`: a small server, at best on another organisation's machine, that co-signs the log's checkpoints."""

from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from workflow import web
from workflow.cli.keys import read_keys
from workflow.records.notes import Verifier
from workflow.records.witnessing import SIZE_TYPE, UnwitnessedError, read_request
from workflow.services.record.witness import Witness, open_witness

LARGEST_REQUEST = 64 * 1024
PLAIN = "text/plain; charset=utf-8"


@click.command("witness")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", required=True, help="The name of this witness, such as witness.example.org/w1.")
@click.option("--log", "logs", multiple=True, required=True, callback=read_keys, help="The public key of a log.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8081, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def witness(folder: Path, name: str, logs: Sequence[Verifier], host: str, port: int) -> None:
    """Co-sign the checkpoints of the logs named, as long as each goes on from the last; FOLDER keeps key and state."""
    witness = open_witness(folder, name, logs, web.wall_clock)
    with server(witness, host, port) as serving:
        click.echo(str(witness.signer.verifier))
        serving.serve_forever()


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """Make the server of a witness, listening already."""

    class Handler(_Handler):
        asked = witness

    return ThreadingHTTPServer((host, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers POST /add-checkpoint, and GET / with the witness's public key."""

    asked: Witness
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(HTTPStatus.OK, f"{self.asked.signer.verifier}\n")
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._answer(HTTPStatus.NOT_FOUND)
        elif not length.isdigit():
            self._answer(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > LARGEST_REQUEST:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(*self._add_checkpoint(self.rfile.read(int(length))))

    def _add_checkpoint(self, body: bytes) -> tuple[HTTPStatus, str]:
        try:
            return HTTPStatus.OK, self.asked.add_checkpoint(read_request(body.decode()))
        except UnicodeDecodeError:
            return HTTPStatus.BAD_REQUEST, ""
        except UnwitnessedError as refused:
            return refused.status, refused.body

    def _answer(self, status: HTTPStatus, body: str = "") -> None:
        if status >= HTTPStatus.BAD_REQUEST:
            self.close_connection = True  # what was not read of the request must not be taken for the next one
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", SIZE_TYPE if status == HTTPStatus.CONFLICT else PLAIN)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the server's signature
        """Say nothing: requests are counted by whoever asks."""

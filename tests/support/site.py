"""One address of this machine at which a run of tests shows one application after another.

A browser keeps sheets and scripts by address: those that one test has loaded, the next one need not ask for.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import make_server


class Site:
    """Passes requests on to the application that is shown."""

    def __init__(self) -> None:
        self.address = ""
        self._app: WSGIApplication = ServiceUnavailable()
        self._busy = 0
        self._changed = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, once its answer is whole: the browser may hang up half-way."""
        with self._changed:
            self._busy += 1
            app = self._app
        try:
            return _read_whole(app, environ, start_response)
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    @contextmanager
    def showing(self, app: WSGIApplication) -> Iterator[str]:
        """Show an application and give its address; at the end it has answered whatever it was asked."""
        self._app = app
        yield self.address
        with self._changed:
            self._app = ServiceUnavailable()
            self._changed.wait_for(lambda: self._busy == 0)


@contextmanager
def opened_site() -> Iterator[Site]:
    """A site on a free port of this machine, with one thread per request."""
    site = Site()
    server = make_server("127.0.0.1", 0, site, threaded=True)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _read_whole(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    answer = app(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()

"""Addresses under /api/v1 that name nothing, or nothing by this method: refused as problems like everything else."""

from flask import Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from workflow.api.frame import Resource

METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")

resource = Resource("nowhere", "")


@resource.plain("/", "/<path:rest>", methods=METHODS)
def nowhere(rest: str = "") -> Response:  # noqa: ARG001 — the address is asked of the map of routes
    """Refuse: with the methods that the address takes, or because nothing is there."""
    allowed = [method for method in METHODS if _leads_somewhere(method)]
    if allowed:
        raise MethodNotAllowed(valid_methods=allowed)
    raise NotFound


def _leads_somewhere(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    endpoint, _ = adapter.match(method=method)
    return endpoint != request.endpoint and not str(endpoint).startswith(f"{resource.name}.")

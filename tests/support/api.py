"""Calling the interface as a script would: by token, with versions and keys in their headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.world import PASSWORD

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, or nobody."""

    app: Flask
    token: str | None = None

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Send a request; a body is sent as JSON, `raw` bytes are said to be."""
        sent = dict(headers or {})
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        if key is not None:
            sent["Idempotency-Key"] = key
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
            return self.app.test_client().open(PREFIX + path, method=method, data=raw, headers=sent)
        return self.app.test_client().open(PREFIX + path, method=method, json=body, headers=sent)

    def get(self, path: str, **options: Any) -> TestResponse:
        """Read."""
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        """Write something new, or make a move."""
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        """Change something."""
        return self.call("PATCH", path, body, **options)


def sign_in(app: Flask, username: str, password: str = PASSWORD) -> Caller:
    """Get a token."""
    answer = Caller(app).post("/tokens", {"username": username, "password": password})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return Caller(app, answer.get_json()["token"])


def code_of(answer: TestResponse) -> str | None:
    """Give the code of a problem; none for an answer that is none."""
    if answer.mimetype != "application/problem+json":
        return None
    body = answer.get_json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    return str(body["code"])

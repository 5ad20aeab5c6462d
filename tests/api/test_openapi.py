"""The document of the interface: valid OpenAPI 3.1, complete, and readable without anything from elsewhere."""

import re
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31

from workflow.api.openapi import document
from workflow.errors import ErrorCode


@pytest.fixture(scope="module")
def found(app: Flask) -> dict[str, Any]:
    """The document."""
    with app.app_context():
        return document()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


def test_it_is_valid_openapi_3_1(found: dict[str, Any]) -> None:
    assert found["openapi"].startswith("3.1.")
    faults = [error.message for error in jsonschema_rs.validator_for(OPENAPI_31).iter_errors(found)]
    assert faults == []


def test_it_holds_every_route(app: Flask, found: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, item in found["paths"].items() for method in item if method != "parameters"
    }
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api-") and not rule.endpoint.startswith("api-nowhere.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_every_reference_leads_somewhere(found: dict[str, Any]) -> None:
    for reference in re.findall(r"'\$ref': '#/([^']+)'", str(found)):
        part: Any = found
        for name in reference.split("/"):
            part = part[name]
        assert part


def test_every_operation_is_described(found: dict[str, Any]) -> None:
    silent = [
        (method, path)
        for path, item in found["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and not operation.get("summary")
    ]
    assert silent == []


def test_writes_say_what_their_headers_are(found: dict[str, Any]) -> None:
    item = found["paths"]["/api/v1/scorecards/{card_id}/items/{code}"]["patch"]
    assert {part["$ref"].rpartition("/")[2] for part in item["parameters"]} == {"IfMatch", "IdempotencyKey"}
    assert found["paths"]["/api/v1/tokens"]["post"]["security"] == []


def test_it_is_served_to_anybody(client: FlaskClient, found: dict[str, Any]) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.get_json()) == (200, found)


def test_its_page_is_of_this_server_alone(client: FlaskClient) -> None:
    answer = client.get("/api/v1/docs")
    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for address in re.findall(r"(?:src|href)=\"([^\"]+)\"", text):
        with client.get(address if address.startswith("/") else f"/api/v1/{address}") as file:
            assert file.status_code == 200
    assert not re.search(r"<style|style=|<script(?![^>]*src)|\son\w+=", text)


def test_its_page_explains_every_code(client: FlaskClient) -> None:
    text = client.get("/api/v1/docs", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert all(f'id="{code}"' in text for code in ErrorCode)
    assert "Not permitted" in text

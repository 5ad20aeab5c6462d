"""Whatever is sent: never the server's fault, every refusal a problem, and what is answered is what the document says."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.api.conftest import People

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
EXAMPLES = 3


@pytest.fixture(scope="module")
def operations(app: Flask, people: People) -> list[Any]:
    """Every operation that the document describes."""
    people("admin")
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    everything = (operation.ok() for operation in described.get_all_operations())
    return [operation for operation in everything if operation.path != "/readyz"]  # 503 is what it is there to say


@pytest.mark.parametrize(
    ("who", "mode"),
    [
        ("admin", GenerationMode.NEGATIVE),
        ("preparer", GenerationMode.POSITIVE),
        ("hr", GenerationMode.POSITIVE),
        ("operator", GenerationMode.NEGATIVE),
    ],
)
def test_anything_may_be_sent(mode: GenerationMode, who: str, operations: list[Any], people: People) -> None:
    headers = {"Authorization": f"Bearer {people(who).token}"}

    def send(case: Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    for operation in operations:
        strategy = operation.as_strategy(generation_mode=mode)
        tried = settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        with suppress(Unsatisfiable):  # what takes nothing can't be sent anything wrong
            tried(given(case=strategy)(send))()

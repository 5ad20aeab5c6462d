"""From an empty folder to a server that answers, by the commands that `make run` gives."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bare_app import opened
from tests.support.command import Installation, ask, wait_until
from tests.support.databases import POSTGRESQL, Database, SqliteTemplates
from tests.support.postgres import PostgresCluster
from workflow.services.demo.found import FOUNDED, found

PREPARER = {"username": "preparer", "password": "demo-Kaogong-2026"}


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    return Installation(tmp_path, Database("sqlite", f"sqlite:///{tmp_path}/kaogong.db"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_templates: SqliteTemplates) -> Iterator[Installation]:
    with demo_templates.fresh() as database:
        installation = Installation(tmp_path_factory.mktemp("instance"), database)
        assert installation.run("init", "--no-operator").returncode == 0
        yield installation


@pytest.fixture(scope="module")
def port(demo: Installation) -> Iterator[int]:
    """Where the demo organisation is served to this machine."""
    with demo.serving() as port:
        yield port


def test_a_database_is_made_once_and_then_left_as_it_is(fresh: Installation) -> None:
    assert fresh.run("init", "--no-operator").returncode == 0
    assert fresh.run("init", "--no-operator").returncode == 0


def test_the_first_operator_is_made_without_a_question(fresh: Installation) -> None:
    made = fresh.run("init", "--username", "first", "--password-stdin", given="long-enough-for-anyone-7\n")
    assert made.returncode == 0, made.stderr
    assert "first" in made.stdout


def test_an_operators_weak_password_is_refused(fresh: Installation) -> None:
    refused = fresh.run("init", "--username", "first", "--password-stdin", given="short\n")
    assert refused.returncode != 0
    assert "密码至少" in refused.stderr


def test_it_does_not_serve_without_a_database(fresh: Installation) -> None:
    refused = fresh.run("serve", "--port", "9")
    assert refused.returncode != 0
    assert "kaogong init" in refused.stderr


@pytest.mark.parametrize(
    "command", [("demo",), ("scheme", "show", "csr-card"), ("export", "plan", "2026-10", "a.xlsx")]
)
def test_no_command_works_on_a_database_that_is_not_there(fresh: Installation, command: tuple[str, ...]) -> None:
    refused = fresh.run(*command)
    assert refused.returncode == 1
    assert "kaogong init" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_demo_that_was_interrupted_is_not_taken_for_whole(fresh: Installation) -> None:
    fresh.run("init", "--no-operator")
    with opened(fresh.database):
        found(lambda: FOUNDED)
    refused = fresh.run("demo", "--if-empty")
    assert refused.returncode == 1
    assert "instance/" in refused.stderr


def test_a_wrong_setting_stops_the_start_with_its_name(demo: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOGONG_COLOUR", "red")
    refused = demo.run("init", "--no-operator")
    assert refused.returncode == 2
    assert "KAOGONG_COLOUR" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_demo_organisation_is_not_loaded_over_data(demo: Installation) -> None:
    assert demo.run("demo").returncode != 0
    assert demo.run("demo", "--if-empty").returncode == 0


def test_the_server_answers_and_lets_demo_accounts_in_on_this_machine(port: int) -> None:
    assert ask(port, "GET", "/readyz").status == 200
    token = ask(port, "POST", "/api/v1/tokens", PREPARER)
    assert token.status == 201
    assert json.loads(token.text)["token"]


def test_what_is_recorded_gets_its_place_in_the_log_and_is_signed(demo: Installation, port: int) -> None:
    newest = demo.instance / "checkpoints" / "checkpoint"
    before = newest.read_text("utf-8")
    ask(port, "POST", "/api/v1/tokens", PREPARER)  # signing in is recorded
    wait_until(lambda: newest.read_text("utf-8") != before)


def test_the_worker_ends_when_the_process_that_started_it_is_gone(demo: Installation) -> None:
    assert demo.run("worker", "--parent", "1").returncode == 0


def test_demo_accounts_are_refused_where_others_can_reach_the_server(demo: Installation) -> None:
    with demo.serving("--host", "0.0.0.0") as port:  # noqa: S104 — that is what is refused
        refused = ask(port, "POST", "/api/v1/tokens", PREPARER)
        assert refused.status == 403
        assert json.loads(refused.text)["code"] == "forbidden"


@pytest.mark.postgresql
def test_postgresql_is_set_up_by_its_owner_and_served_by_the_application(
    tmp_path: Path, postgres_cluster: PostgresCluster
) -> None:
    made = postgres_cluster.create_database()
    installation = Installation(tmp_path, Database(POSTGRESQL, made.url, made.owner_url))
    ready = installation.run("init", "--no-operator")
    assert ready.returncode == 0, ready.stderr
    without_owner = Installation(tmp_path, Database(POSTGRESQL, made.url))
    with without_owner.serving() as port:
        assert ask(port, "GET", "/readyz").status == 200
    postgres_cluster.drop_database(made.name)

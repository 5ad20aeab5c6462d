"""A month from the plan to the published and revised card, over the interface alone, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.api import Caller, sign_in
from tests.support.application import make_settings, running_app
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, nothing_yet
from tests.support.world import FULL_CUSTOMER, PASSWORD


@pytest.fixture
def app(module_stories: Stories, tmp_path: Path, clock: SettableClock) -> Iterator[Flask]:
    """The application over the small company, without a plan, for one test."""
    with (
        module_stories.after(nothing_yet, clock) as database,
        running_app(make_settings(database, tmp_path), clock) as application,
    ):
        yield application


def open_a_plan(admin: Caller) -> str:
    contents = [{"scheme": "customer-department", "units": ["customer"]}]
    new = {"code": "2026-10", "title": "2026年10月考核", "period": "2026-10", "contents": contents}
    made = admin.post("/plans", new)
    assert made.status_code == 201
    assert made.get_json()["state"] == "draft"
    opened = admin.post("/plans/2026-10/transitions", {"trigger": "open"}, version=made.get_json()["version"])
    assert (opened.status_code, opened.get_json()["state"], opened.get_json()["cards"]) == (200, "open", 1)
    (card,) = admin.get("/scorecards?plan=2026-10").get_json()
    return str(card["id"])


def fill(preparer: Caller, card: str, version: int) -> int:
    for code, entered in FULL_CUSTOMER.items():
        answer = preparer.patch(f"/scorecards/{card}/items/{code}", {"input": entered}, version=version)
        assert answer.status_code == 200
        version = answer.get_json()["version"]
    return version


def move(who: Caller, card: str, version: int, trigger: str, **more: str) -> int:
    answer = who.post(f"/scorecards/{card}/transitions", {"trigger": trigger, **more}, version=version)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return int(answer.get_json()["version"])


def publish(app: Flask, card: str, version: int) -> None:
    for username, trigger in (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve")):
        version = move(sign_in(app, username), card, version, trigger, password=PASSWORD)
    move(sign_in(app, "admin"), card, version, "publish")


def test_from_the_plan_to_a_published_revision(app: Flask) -> None:
    admin, preparer, head = sign_in(app, "admin"), sign_in(app, "preparer"), sign_in(app, "head")
    card = open_a_plan(admin)
    publish(app, card, fill(preparer, card, 1))

    read = head.get(f"/scorecards/{card}").get_json()
    assert (read["state"], read["total"], read["grade"], read["complete"]) == ("published", "69.00", "合格", True)
    assert [each["meaning"] for each in read["signatures"]] == ["prepare", "review", "approve"]
    growth = next(item for item in read["items"] if item["code"] == "growth")
    assert (growth["points"], growth["full"], growth["section"]) == ("15.00", "20.00", "quantitative")
    assert "人工设定的基数 3.0%,理由:首月,按上月末" in [step["text"] for step in growth["basis"]]
    assert head.post(f"/scorecards/{card}/acknowledgement").status_code == 200

    revised = admin.post(
        f"/scorecards/{card}/transitions", {"trigger": "revise", "reason": "增长率有误"}, version=read["version"]
    ).get_json()
    assert (revised["revision"], revised["state"], revised["total"]) == (1, "draft", "69.00")
    corrected = {"value": "4.5", "baseline": "3.0", "reason": "更正:首月,按上月末"}
    answer = preparer.patch(
        f"/scorecards/{revised['id']}/items/growth", {"input": corrected}, version=revised["version"]
    )
    assert answer.get_json()["total"] == "70.00"
    publish(app, revised["id"], answer.get_json()["version"])

    assert head.get(f"/scorecards/{revised['id']}").get_json()["total"] == "70.00"
    assert head.get(f"/scorecards/{card}").get_json()["state"] == "superseded"
    current = admin.get("/scorecards?plan=2026-10").get_json()
    assert [each["id"] for each in current] == [revised["id"]]
    assert len(admin.get("/scorecards?plan=2026-10&revisions=all").get_json()) == 2


def test_the_record_tells_the_whole_way(app: Flask) -> None:
    admin, preparer = sign_in(app, "admin"), sign_in(app, "preparer")
    card = open_a_plan(admin)
    publish(app, card, fill(preparer, card, 1))
    rows = admin.get(f"/scorecards/{card}/records?per_page=200").get_json()
    events = [row["event"] for row in rows]
    assert events[0] == "scorecard.create"
    assert events.count("scorecard.edit") == len(FULL_CUSTOMER)
    assert events[-4:] == ["scorecard.prepare", "scorecard.review", "scorecard.approve", "scorecard.publish"]
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["actor"] for row in rows} == {"admin", "preparer", "reviewer", "approver"}
    edit = next(row for row in rows if row["event"] == "scorecard.edit")
    assert {"field": "items/survey/points", "from": None, "to": "3.00"} in edit["changes"]
    assert edit["entity"] == f"scorecard:{card}"
    assert edit["index"] is None


def test_a_returned_card_goes_back_to_its_preparer(app: Flask) -> None:
    admin, preparer, reviewer = sign_in(app, "admin"), sign_in(app, "preparer"), sign_in(app, "reviewer")
    card = open_a_plan(admin)
    version = move(preparer, card, fill(preparer, card, 1), "prepare")
    back = move(reviewer, card, version, "return", reason="请补充依据")
    read = preparer.get(f"/scorecards/{card}").get_json()
    assert (read["state"], read["version"], read["signatures"][0]["voided"]) == ("draft", back, True)
    assert "returned" in [flag["kind"] for flag in read["flags"]]

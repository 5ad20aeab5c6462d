"""The plan's table in full, and what its moves wait for."""

import itertools
from dataclasses import replace

import pytest

from workflow.errors import Denied, Reason
from workflow.lifecycle.machine import Move, MoveRequest
from workflow.lifecycle.plan import (
    PlanFacts,
    State,
    Trigger,
    decide,
    decide_entries,
    explain,
    finish_opening,
    offered,
)
from workflow.policy import Actor, Grant, Role
from workflow.wording import Language

ADMIN = Actor(1, "admin", "周明", grants=(Grant(Role.ADMINISTRATOR),))
ARROWS = {
    ("open", "draft"): "open",
    ("close", "open"): "closing",
    ("reopen", "closing"): "open",
    ("publish", "closing"): "published",
    ("finalize", "published"): "final",
    ("archive", "final"): "archived",
    ("cancel", "draft"): "cancelled",
    ("cancel", "opening"): "cancelled",
    ("cancel", "open"): "cancelled",
    ("cancel", "closing"): "cancelled",
}


def plan(state: State, **changes: object) -> PlanFacts:
    return replace(PlanFacts(state, 3, subjects=20, objection_time_over=True), **changes)


def ask(actor: Actor = ADMIN, **changes: object) -> MoveRequest:
    return replace(MoveRequest(actor, 3, reason="本月不考核"), **changes)


def reason(answer: Move | Denied | None) -> Reason | None:
    return answer.reason if isinstance(answer, Denied) else None


@pytest.mark.parametrize(("trigger", "state"), list(itertools.product(Trigger, State)))
def test_each_arrow_and_no_other(trigger: Trigger, state: State) -> None:
    answer = decide(trigger, plan(state), ask())
    if (trigger, state) in ARROWS:
        assert answer == Move(trigger, state, ARROWS[trigger, state])
    elif trigger == "opened":
        assert reason(answer) is Reason.UNKNOWN_TRIGGER
    else:
        assert reason(answer) is Reason.WRONG_STATE
    assert (trigger in offered(plan(state), ADMIN)) is ((trigger, state) in ARROWS)
    assert (explain(trigger, plan(state), ADMIN) is None) is ((trigger, state) in ARROWS)


@pytest.mark.parametrize(("subjects", "target"), [(0, "open"), (500, "open"), (501, "opening")])
def test_many_cards_are_created_by_a_job(subjects: int, target: str) -> None:
    assert decide("open", plan(State.DRAFT, subjects=subjects), ask()) == Move("open", "draft", target)


@pytest.mark.parametrize("state", State)
def test_the_job_ends_in_an_open_plan(state: State) -> None:
    answer = finish_opening(plan(state))
    if state == "opening":
        assert answer == Move("opened", "opening", "open")
    else:
        assert reason(answer) is Reason.WRONG_STATE


@pytest.mark.parametrize(("trigger", "state"), [("publish", State.CLOSING), ("finalize", State.PUBLISHED)])
def test_open_cards_are_named(trigger: str, state: State) -> None:
    answer = decide(trigger, plan(state, open_cards=("K-1", "K-2")), ask(seen_version=2))
    assert isinstance(answer, Denied)
    assert answer.sentence(Language.ZH) == "还有 2 张评分表未批准:K-1、K-2。"
    many = decide(trigger, plan(state, open_cards=tuple(f"K-{n}" for n in range(1, 13))), ask())
    assert isinstance(many, Denied)
    assert many.sentence(Language.EN).endswith("K-9, K-10 and others.")


def test_a_plan_is_final_when_the_time_for_objections_is_over_and_none_is_open() -> None:
    early = plan(State.PUBLISHED, objection_time_over=False, open_objections=("吴霞 2026-10-0001",))
    assert reason(decide("finalize", early, ask())) is Reason.OBJECTION_TIME
    assert reason(decide("finalize", replace(early, objection_time_over=True), ask())) is Reason.OBJECTIONS_OPEN


def test_cancelling_needs_a_reason_and_every_move_the_version_seen() -> None:
    assert reason(decide("cancel", plan(State.OPEN), ask(reason=" "))) is Reason.REASON_TOO_SHORT
    assert reason(decide("close", plan(State.OPEN), ask(seen_version=None))) is Reason.NO_VERSION
    assert reason(decide("close", plan(State.OPEN), ask(seen_version=2))) is Reason.STALE


@pytest.mark.parametrize("role", Role)
def test_every_state_trigger_and_role(role: Role) -> None:
    readers = {Role.PREPARER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR}
    refused = None if role is Role.ADMINISTRATOR else Reason.NO_GRANT if role in readers else Reason.NOT_SEEN
    actor = Actor(1, "a", "周明", grants=(Grant(role, "/1/"),))
    for state, trigger in itertools.product(State, {trigger for trigger, _ in ARROWS}):
        inside, elsewhere = plan(state, unit_path="/1/4/"), plan(state)
        expected = refused or (None if (trigger, state) in ARROWS else Reason.WRONG_STATE)
        assert reason(decide(trigger, inside, ask(actor))) is expected, (state, trigger)
        assert (trigger in offered(inside, actor)) is (expected is None)
        assert reason(decide(trigger, elsewhere, ask(actor))) is (refused or Reason.NO_GRANT), (state, trigger)


@pytest.mark.parametrize("state", State)
def test_a_closing_plan_takes_entries_only_for_returned_revised_and_late_cards(state: State) -> None:
    assert (decide_entries(state) is None) is (state == "open")
    later = {"open", "closing", "published", "final"}
    assert (decide_entries(state, stays_editable=True) is None) is (state in later)

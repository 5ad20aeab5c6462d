"""The machine itself: no way around the table, and guards that can only refuse or keep silent."""

import itertools
from dataclasses import FrozenInstanceError
from types import SimpleNamespace
from typing import Any

import pytest
from transitions import EventData

from workflow.errors import Denied, Reason
from workflow.lifecycle.diagrams import KINDS
from workflow.lifecycle.machine import Edge, Lifecycle, MoveRequest, as_condition
from workflow.lifecycle.scorecard import LIFECYCLE
from workflow.policy import Actor, CardFacts
from workflow.wording import Phrase

SOMEBODY = Actor(1, "a", "李强")
NAMES = {"on": Phrase("开", "on"), "off": Phrase("关", "off"), "toggle": Phrase("切换", "toggle")}


def switch(guard: Any) -> Lifecycle[Any]:
    return Lifecycle(
        initial="off",
        edges=(Edge("toggle", "off", "on", guards=(guard,)),),
        state_names={key: NAMES[key] for key in ("on", "off")},
        trigger_names={"toggle": NAMES["toggle"]},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_automatic_transition_passes_the_guards(kind: str) -> None:
    lifecycle = KINDS[kind]
    assert set(lifecycle.machine.events) == {str(edge.trigger) for edge in lifecycle.edges}
    assert not [name for name in lifecycle.machine.events if name.startswith("to_")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_machine_keeps_no_model_and_has_no_initial_state_to_reset_to(kind: str) -> None:
    machine = KINDS[kind].machine
    assert machine.models == []
    assert machine.initial is None
    assert not machine.auto_transitions
    assert machine.send_event
    assert not machine.has_queue
    assert not machine.finalize_event
    assert not machine.on_exception


def test_asking_leaves_no_model_behind() -> None:
    for _ in range(3):
        LIFECYCLE.decide("review", CardFacts("prepared", 1, "/1/", 7), MoveRequest(SOMEBODY, 1, proof="otp"))
    assert LIFECYCLE.machine.models == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_and_the_names_are_closed(kind: str) -> None:
    lifecycle = KINDS[kind]
    assert {edge.source for edge in lifecycle.edges} | {edge.target for edge in lifecycle.edges} == set(
        lifecycle.state_names
    )
    assert {edge.trigger for edge in lifecycle.edges} == set(lifecycle.trigger_names)
    assert lifecycle.initial in lifecycle.state_names


@pytest.mark.parametrize("stray", [True, False, 1, "yes", 0, ""])
def test_a_guard_cannot_answer_with_a_truth_value(stray: object) -> None:
    lifecycle = switch(lambda _facts, _request: stray)
    with pytest.raises(TypeError, match="a refusal or None"):
        lifecycle.decide("toggle", SimpleNamespace(state="off", version=1), MoveRequest(SOMEBODY, 1))


@pytest.mark.parametrize("answer", [None, Denied(Reason.BUSY)])
def test_a_condition_is_a_real_boolean_and_leaves_the_refusal(answer: Denied | None) -> None:
    holder = SimpleNamespace(facts=None, request=None, denied=None)
    event = EventData(None, None, LIFECYCLE.machine, holder, (), {})
    assert as_condition(lambda _facts, _request: answer)(event) is (answer is None)
    assert holder.denied is answer


def test_an_error_in_a_guard_is_not_swallowed() -> None:
    def breaks(_facts: object, _request: object) -> None:
        message = "broken"
        raise ZeroDivisionError(message)

    with pytest.raises(ZeroDivisionError):
        switch(breaks).decide("toggle", SimpleNamespace(state="off", version=1), MoveRequest(SOMEBODY, 1))


def test_facts_are_not_changed_by_asking() -> None:
    facts = SimpleNamespace(state="off", version=1)
    assert not isinstance(switch(lambda _f, _r: None).decide("toggle", facts, MoveRequest(SOMEBODY, 1)), Denied)
    assert facts.state == "off"


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_cannot_ask_for_the_products_own_moves(kind: str) -> None:
    lifecycle = KINDS[kind]
    own = {str(edge.trigger) for edge in lifecycle.edges if edge.internal}
    for trigger, state in itertools.product(own, lifecycle.state_names):
        facts = SimpleNamespace(state=str(state), version=1)
        answer = lifecycle.decide(trigger, facts, MoveRequest(SOMEBODY, 1, reason="说明原因如下"))
        assert isinstance(answer, Denied)
        assert answer.reason is Reason.UNKNOWN_TRIGGER
        assert trigger not in lifecycle.leaving(state)


def test_the_product_cannot_make_a_persons_move() -> None:
    answer = LIFECYCLE.advance("approve", CardFacts("reviewed", 1, "/1/", 7))
    assert isinstance(answer, Denied)
    assert answer.reason is Reason.UNKNOWN_TRIGGER


def test_a_table_cannot_be_changed_later() -> None:
    with pytest.raises(FrozenInstanceError):
        LIFECYCLE.edges = ()  # type: ignore[misc]

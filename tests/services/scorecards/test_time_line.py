"""The time line of a card and the changes of its items are what its records tell, to whom may read them."""

from datetime import timedelta

import pytest

from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.statements import statements
from tests.support.stories import Story, october_open
from tests.support.world import World, bring_to, card_of, fill, move
from workflow.errors import Reason
from workflow.models.scorecards import Scorecard
from workflow.policy import Action, Trigger
from workflow.services.scorecards import appraise, cards
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.scorecards.time_line import TimeLine, time_line


@pytest.fixture(scope="module")
def story() -> Story:
    return october_open


@pytest.fixture
def published(world: World, clock: SettableClock) -> Scorecard:
    """客户部: prepared, returned an hour later, prepared, reviewed, withdrawn, reviewed, approved and published."""
    card = bring_to(world, clock, card_of("customer"), "prepared")
    clock.advance(hours=1)
    move(world, clock, card, "reviewer", "return", reason="流失率有误,请核对")
    edit = ItemEdit("churn", {"value": "2.9", "baseline": "2.9", "reason": "首月,按上年最低"})
    appraise.edit_item(world.actor("preparer"), clock, card.id, edit, seen_version=card.version)
    for username, trigger in (("preparer", "prepare"), ("reviewer", "review"), ("reviewer", "withdraw")):
        move(world, clock, card, username, trigger)
    for username, trigger in (("reviewer", "review"), ("approver", "approve"), ("admin", "publish")):
        clock.advance(minutes=10)
        move(world, clock, card, username, trigger)
    return card


def line_of(world: World, card: Scorecard, username: str) -> TimeLine:
    actor = world.actor(username)
    return time_line(actor, cards.open_card(actor, Action.CARD_SEE, card.id))


def test_the_time_line_tells_every_step_with_who_when_and_how_long(world: World, published: Scorecard) -> None:
    steps = line_of(world, published, "auditor").steps
    assert [step.trigger for step in steps] == [
        *("create", "prepare", "return", "prepare", "review", "withdraw", "review", "approve", "publish")
    ]
    returned, approved = steps[2], steps[7]
    assert (returned.name, returned.role, returned.reason) == ("李强", "reviewer", "流失率有误,请核对")
    assert (returned.took, returned.method) == (timedelta(hours=1), None)
    assert (approved.name, approved.role, approved.method) == ("王敏", "approver", "password")
    assert approved.took == timedelta(minutes=10)
    assert [step.voided for step in steps] == [False, True, False, False, True, False, False, False, False]


def test_the_moves_still_ahead_follow_from_the_state(world: World, clock: SettableClock) -> None:
    card, ahead = card_of("customer"), [Trigger.PREPARE, Trigger.REVIEW, Trigger.APPROVE, Trigger.PUBLISH]
    fill(world, clock, card)
    for username in ("preparer", "reviewer", "approver", "admin"):
        assert line_of(world, card, "admin").ahead == tuple(ahead)
        move(world, clock, card, username, ahead.pop(0))
    assert line_of(world, card, "admin").ahead == ()


def test_each_change_of_an_item_is_told(world: World, published: Scorecard) -> None:
    first, second = line_of(world, published, "auditor").items["churn"]
    assert (first.event, first.name, first.role) == ("scorecard.edit", "陈静", "preparer")
    told = {change.field: (change.before, change.after) for change in second.changes}
    before, after = told["items/churn/input"]
    assert (before["value"], after["value"]) == ("1.9", "2.9")
    assert told["items/churn/points"] == ("16.00", "15.00")


def test_a_refused_signing_stands_on_the_time_line(world: World, clock: SettableClock) -> None:
    card = bring_to(world, clock, card_of("customer"), "prepared")
    with refused(Reason.SAME_SIGNER):
        move(world, clock, bring_back(world, clock, card), "triple", "review")
    last = line_of(world, card, "auditor").steps[-1]
    assert (last.trigger, last.name, last.reason) == ("refused", "多面手", "review: same_signer")


def bring_back(world: World, clock: SettableClock, card: Scorecard) -> Scorecard:
    """Have `triple` prepare the card in place of `preparer`."""
    move(world, clock, card, "preparer", "withdraw")
    return move(world, clock, card, "triple", "prepare")


def test_a_revision_begins_with_its_reason(world: World, clock: SettableClock, published: Scorecard) -> None:
    move(world, clock, published, "admin", "revise", reason="流失率口径有误")
    fresh = card_of("customer")
    first = line_of(world, fresh, "admin").steps[0]
    assert (first.trigger, first.reason) == ("revise", "流失率口径有误")
    change = line_of(world, fresh, "admin").items["churn"][0]
    assert (change.event, change.reason) == ("scorecard.revise", "")


def test_the_appraised_person_reads_all_of_their_own_card(world: World, published: Scorecard) -> None:
    assert line_of(world, published, "head") == line_of(world, published, "auditor")


def test_who_may_not_read_the_record_sees_the_signatures_that_stand(world: World, published: Scorecard) -> None:
    line = line_of(world, published, "hr")
    assert [step.trigger for step in line.steps] == ["prepare", "review", "approve", "publish"]
    assert not any(step.voided or step.reason for step in line.steps)
    assert line.items == {}


def test_a_recorder_reads_the_changes_of_their_own_items(world: World, clock: SettableClock) -> None:
    card = bring_to(world, clock, card_of("customer"), "prepared")
    move(world, clock, card, "reviewer", "return", reason="除流失率外有误,请核对")
    line = line_of(world, card, "recorder")
    assert (line.steps, list(line.items)) == ((), ["churn"])
    assert [change.event for change in line.items["churn"]] == ["scorecard.edit"]


def test_the_time_line_takes_one_statement(world: World, published: Scorecard) -> None:
    actor = world.actor("auditor")
    opened = cards.open_card(actor, Action.CARD_SEE, published.id)
    with statements() as sent:
        time_line(actor, opened)
    assert len(sent) == 1

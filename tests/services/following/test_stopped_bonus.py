"""Whose bonus is stopped: who was confirmed to be off post, for as long as that lasts, and nobody else (95595, ch. 1 § 6)."""

from typing import Any

import pytest

from tests.support.company_fixtures import Company
from tests.support.proposals import propose
from workflow.models.actions import ActionItem
from workflow.scoring.periods import Period
from workflow.services.following import follow_up
from workflow.services.following.stopped_bonus import bonus_stopped


@pytest.fixture
def proposed(company: Company) -> ActionItem:
    """Propose to take an agent off post for two months, without a bonus."""
    return propose_for(company, code="off-post", title="待岗", lasts=2, bonus="none")


def propose_for(company: Company, **said: Any) -> ActionItem:
    card = company.card("E101")
    return propose(card, company.clock, person_id=card.appraised_person_id, **said)


def stopped(item: ActionItem, period: str) -> bool:
    assert item.person_id is not None
    return item.person_id in bonus_stopped([item.person_id], Period.parse(period))


def test_a_proposal_stops_nothing(proposed: ActionItem) -> None:
    assert not stopped(proposed, "2026-11")


@pytest.mark.parametrize(("period", "expected"), [("2026-10", False), ("2026-11", True), ("2026-12", True)])
def test_once_confirmed_it_holds_for_the_periods_after_its_own(
    company: Company, proposed: ActionItem, period: str, expected: bool
) -> None:
    follow_up.move(company.actor("hr"), company.clock, proposed.id, "confirm", seen_version=1)
    assert stopped(proposed, period) is expected
    assert not stopped(proposed, "2027-01")
    assert not stopped(proposed, "2026-Q4")


def test_what_does_not_last_stops_the_bonus_of_its_own_period(company: Company) -> None:
    item = propose_for(company, code="fined", title="扣奖", bonus="none")
    follow_up.move(company.actor("hr"), company.clock, item.id, "confirm", seen_version=1)
    assert [stopped(item, period) for period in ("2026-09", "2026-10", "2026-11")] == [False, True, False]


def test_what_says_nothing_of_the_bonus_leaves_it(company: Company) -> None:
    item = propose_for(company, code="off-post", title="待岗", lasts=1)
    follow_up.move(company.actor("hr"), company.clock, item.id, "confirm", seen_version=1)
    assert not stopped(item, "2026-11")

"""One person over time, and the standing that a confirmed action item leads to: suggested, never entered by itself."""

from datetime import date
from typing import Any

import pytest

from tests.support.company_fixtures import Company
from tests.support.proposals import propose
from tests.support.refusals import refused
from tests.support.statements import statements
from workflow.errors import Reason
from workflow.lifecycle.standing import Kind
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.services.following import follow_up
from workflow.services.people import give_level, give_standing
from workflow.services.people.give_level import NewLevel
from workflow.services.people.give_standing import NewStanding
from workflow.services.people.look_up_person import SuggestedStanding, person_in_time, suggest_standing

TODAY = date(2026, 11, 5)
WHY = "人事部通知"


def suggested(company: Company, item_id: int, username: str = "hr") -> SuggestedStanding | None:
    db.session.rollback()
    return suggest_standing(company.actor(username), item_id, TODAY)


def confirmed(company: Company, subject: str = "E101", **said: Any) -> ActionItem:
    """Propose something for an agent and confirm it."""
    card = company.card(subject)
    item = propose(card, company.clock, person_id=card.appraised_person_id, **said)
    assert suggested(company, item.id) is None
    return follow_up.move(company.actor("hr"), company.clock, item.id, "confirm", seen_version=1)


def stand(company: Company, kind: str, first: date, last: date | None = None, action: int | None = None) -> int:
    new = NewStanding("E101", kind, first, last, WHY, action=action)
    return give_standing.give_standing(company.actor("hr"), company.clock, new).id


def test_off_post_is_suggested_for_the_months_that_it_lasts_until_it_is_entered(company: Company) -> None:
    item = confirmed(company, code="off-post", title="待岗", lasts=1)
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    assert suggested(company, item.id) == SuggestedStanding(item.id, "待岗", Kind.OFF_POST, first, last)
    assert suggested(company, item.id, "preparer") is None
    standing = stand(company, "off-post", first, last, item.id)
    assert suggested(company, item.id) is None
    clock, hr = company.clock, company.actor("hr")
    give_standing.move(hr, clock, standing, "void", seen_version=1, reason="起始日期有误")
    assert suggested(company, item.id) is not None


def test_a_failed_test_prolongs_by_a_month_of_its_own_and_a_return_begins_today(company: Company) -> None:
    stand(company, "off-post", date(2026, 11, 1), date(2026, 11, 30))
    longer = confirmed(company, code="off-post", title="待岗", lasts=1, period="2026-11")
    found = suggested(company, longer.id)
    assert found is not None
    assert (found.starts_on, found.ends_on) == (date(2026, 12, 1), date(2026, 12, 31))
    back = confirmed(company, code="return", title="返岗", kind="return")
    assert suggested(company, back.id) == SuggestedStanding(back.id, "返岗", Kind.ON_POST, TODAY, None)
    stand(company, "on-post", TODAY, action=back.id)
    now = person_in_time(company.actor("hr"), "E101", TODAY)
    assert [(row.kind, row.held_until) for row in now.standings] == [
        ("on-post", None),
        ("off-post", date(2026, 11, 4)),
    ]


def test_nothing_is_suggested_for_other_actions_or_for_a_unit(company: Company) -> None:
    assert suggested(company, confirmed(company).id) is None
    assert suggested(company, confirmed(company, "customer", code="off-post", title="待岗", lasts=1).id) is None
    assert suggested(company, 99) is None


def test_a_person_is_read_with_what_holds_today(company: Company) -> None:
    hr, clock = company.actor("hr"), company.clock
    stand(company, "leave", date(2026, 11, 2), date(2026, 11, 6))
    for level, first in (("初级", date(2025, 1, 1)), ("中级", date(2026, 1, 1)), ("高级", date(2027, 1, 1))):
        give_level.give_level(hr, clock, NewLevel("E101", level, "decision", first, reason=WHY))
    with statements() as sent:
        found = person_in_time(hr, "E101", TODAY)
    assert len(sent) <= 8
    now, level_now = found.standing_on(TODAY), found.level_on(TODAY)
    assert (now.kind if now else None, level_now.level if level_now else None) == ("leave", "中级")
    assert found.standing_on(date(2026, 11, 7)) is None
    assert [(post.unit_name, post.ends_on) for post in found.posts] == [("信用卡组", None)]
    assert found.forbidden is None


@pytest.mark.parametrize(("username", "reason"), [("auditor", Reason.NO_GRANT), ("employee", Reason.NO_GRANT)])
def test_others_read_and_do_not_enter(company: Company, username: str, reason: Reason) -> None:
    found = person_in_time(company.actor(username), "E101", TODAY)
    assert found.forbidden is not None
    assert found.forbidden.reason is reason


def test_who_is_out_of_reach_is_not_there(company: Company) -> None:
    with refused(Reason.NOT_SEEN):
        person_in_time(company.actor("market-preparer"), "E101", TODAY)

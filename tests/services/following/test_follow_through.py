"""What a confirmed 待岗 goes on with: training, test, return; failing the test proposes a further month.

Off post is proposed for July 2026, so it holds in August (source: 95595 method, ch. 1 § 6; the further month is the
scheme's assumption).
"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.proposals import propose
from tests.support.refusals import refused
from workflow.errors import Reason
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.scoring.periods import Period
from workflow.services.following import follow_up
from workflow.services.following.follow_up import NO_OUTCOME, Outcome
from workflow.services.following.stopped_bonus import bonus_stopped
from workflow.services.ranking.absences import absences_of

EVIDENCE = [{"period": "2026-10", "group": "信用卡组", "rank": 3, "ranked": 3}]


@pytest.fixture
def off_post(company: Company) -> ActionItem:
    """Propose to take an agent off post for the month after October."""
    company.clock.moment = datetime(2026, 11, 16, 1, tzinfo=UTC)
    card = company.card("E101")
    said = {"code": "off-post", "title": "待岗", "kind": "off-post", "lasts": 1, "bonus": "none"}
    return propose(card, company.clock, person_id=card.appraised_person_id, evidence=EVIDENCE, **said)


def move(
    company: Company, item: ActionItem, trigger: str, reason: str | None = None, outcome: Outcome = NO_OUTCOME
) -> ActionItem:
    hr = company.actor("hr")
    return follow_up.move(
        hr, company.clock, item.id, trigger, seen_version=item.version, reason=reason, outcome=outcome
    )


def do(company: Company, item: ActionItem, outcome: Outcome = NO_OUTCOME) -> ActionItem:
    return move(company, move(company, item, "confirm"), "complete", "已经办理完毕", outcome)


def newest() -> ActionItem:
    found = db.session.scalars(select(ActionItem).order_by(ActionItem.id.desc())).first()
    assert found is not None
    return found


def all_codes() -> list[str]:
    return list(db.session.scalars(select(ActionItem.code).order_by(ActionItem.id)))


def until_the_test(company: Company, off_post: ActionItem) -> ActionItem:
    move(company, off_post, "confirm")
    do(company, newest())
    return move(company, newest(), "confirm")


def test_nothing_follows_before_somebody_confirms(company: Company, off_post: ActionItem) -> None:
    move(company, off_post, "dismiss", "当月因病,不宜待岗")
    assert all_codes() == ["off-post"]


def test_training_follows_with_its_owner_and_its_day(company: Company, off_post: ActionItem) -> None:
    move(company, off_post, "confirm")
    training = newest()
    assert (training.code, training.title, training.function, training.kind) == (
        "training",
        "待岗培训",
        "room-manager",
        "training",
    )
    assert (training.state, training.follows_id, training.period) == ("proposed", off_post.id, "2026-10")
    assert training.due_on == date(2026, 11, 30)  # the last day of the month off post
    assert training.evidence == EVIDENCE
    assert (training.lasts, training.bonus) == (None, None)


def test_a_passed_test_leads_back_to_work(company: Company, off_post: ActionItem) -> None:
    test = until_the_test(company, off_post)
    assert test.code == "test"
    company.clock.moment = datetime(2026, 12, 1, 1, tzinfo=UTC)
    done = move(company, test, "complete", "笔试 92 分", Outcome(date(2026, 11, 30), "按新流程上岗", passed=True))
    assert (done.done_on, done.agreed, done.passed) == (date(2026, 11, 30), "按新流程上岗", True)
    back = newest()
    assert (back.code, back.title, back.function) == ("return", "重新上岗", "hr")
    assert back.due_on == date(2026, 12, 15)  # November is over: ten working days
    do(company, back)
    assert all_codes() == ["off-post", "training", "test", "return"]


def test_a_failed_test_proposes_a_further_month_and_does_nothing_itself(company: Company, off_post: ActionItem) -> None:
    test = until_the_test(company, off_post)
    move(company, test, "complete", "笔试 51 分,不合格", Outcome(passed=False))
    again = newest()
    assert (again.code, again.title, again.period, again.lasts, again.bonus) == (
        "off-post",
        "待岗",
        "2026-11",
        1,
        "none",
    )
    assert (again.state, again.follows_id) == ("proposed", test.id)
    assert away(company, "2026-12") == (False, False)
    move(company, again, "confirm")
    assert away(company, "2026-12") == (True, True)
    assert newest().code == "training"
    assert newest().follows_id == again.id


def away(company: Company, period: str) -> tuple[bool, bool]:
    """Say whether the agent is not ranked in a period, and whether without a bonus."""
    card, month = company.card("E101"), Period.parse(period)
    assert card.appraised_person_id is not None
    return bool(absences_of(month, [card])), bool(bonus_stopped([card.appraised_person_id], month))


def test_a_step_that_is_not_needed_is_dismissed_and_the_next_one_follows(
    company: Company, off_post: ActionItem
) -> None:
    move(company, off_post, "confirm")
    move(company, newest(), "dismiss", "上月已参加同一培训")
    assert newest().code == "test"


@pytest.mark.parametrize(
    ("trigger", "outcome", "field"),
    [
        ("complete", NO_OUTCOME, "passed"),
        ("complete", Outcome(date(2030, 1, 1), passed=True), "on"),
        ("confirm", Outcome(passed=True), "passed"),
        ("dismiss", Outcome(date(2026, 11, 1)), "on"),
        ("dismiss", Outcome(agreed="再练"), "agreed"),
    ],
)
def test_an_outcome_is_refused_by_its_field(
    company: Company, off_post: ActionItem, trigger: str, outcome: Outcome, field: str
) -> None:
    test = until_the_test(company, off_post)
    with refused(Reason.INVALID_INPUT, field):
        move(company, test, trigger, "已经考核完毕", outcome)


def test_only_a_test_is_passed_or_failed(company: Company, off_post: ActionItem) -> None:
    move(company, off_post, "confirm")
    training = move(company, newest(), "confirm")
    with refused(Reason.INVALID_INPUT, "passed"):
        move(company, training, "complete", "已经培训完毕", Outcome(passed=True))


@pytest.mark.parametrize("kind", ["commendation", "bonus", "warning", "level", "dismissal", None])
def test_every_kind_of_action_has_the_record_of_its_outcome(company: Company, kind: str | None) -> None:
    item = propose(company.card("E102"), company.clock, code="reward", title="奖惩", kind=kind)
    done = do(company, item, Outcome(date(2026, 10, 1), "下月起执行"))
    assert (done.outcome, done.done_on, done.agreed) == ("已经办理完毕", date(2026, 10, 1), "下月起执行")
    assert all_codes() == ["reward"]

"""谈话记录: who spoke with whom, when, where, about what; read by the person, corrected beside what stands."""

from datetime import UTC, date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.statements import statements
from tests.support.talking import SAID, hold, to_talk
from tests.support.world import ACCOUNTS
from workflow.errors import Reason
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.interviews import Interview
from workflow.services.following import export_action, follow_up, interviews, look_up_interviews
from workflow.services.following.follow_up import NO_OUTCOME, Outcome
from workflow.services.following.interviews import Held
from workflow.services.following.look_up_interviews import InterviewDetail, InterviewsWanted
from workflow.services.paging import PageAsked
from workflow.services.record import verify_records
from workflow.services.scorecards.export_plan import Letterhead

MISTAKE = "日期应为十一月五日"


@pytest.fixture
def talk(company: Company) -> ActionItem:
    return to_talk(company.world, company.clock, company.card("E101"))


def held(company: Company, talk: ActionItem) -> Interview:
    return hold(company.world, company.clock, talk)


def move(company: Company, record: Interview, who: str, trigger: str, reason: str | None = None) -> Interview:
    actor, seen = company.actor(who), record.version
    return interviews.move(actor, company.clock, record.id, trigger, seen_version=seen, reason=reason)


def read(company: Company, record: Interview, who: str = "hr") -> InterviewDetail:
    return look_up_interviews.find_interview(company.actor(who), record.id)


def test_a_talk_is_completed_with_where_when_and_by_whom(company: Company, talk: ActionItem) -> None:
    record = held(company, talk)
    found = read(company, record).interview
    assert (found.held_on, found.held_at, found.place, found.held_by, found.held_by_code, found.present) == (
        date(2026, 11, 4),
        "14:30",
        "会谈室",
        "刘洋",
        "E001",
        "班组长",
    )
    assert (found.said, found.agreed, found.state) == (SAID, "每周复听两通录音", "recorded")
    assert verify_records.verify().holds


def test_whoever_completes_it_held_it_where_nobody_else_is_named(company: Company, talk: ActionItem) -> None:
    record = hold(company.world, company.clock, talk, Held("会谈室"))
    assert (record.held_by, record.held_by_id, record.held_at, record.present) == ("人力资源", None, None, "")


@pytest.mark.parametrize(
    ("kind", "outcome", "path"),
    [
        ("talk", NO_OUTCOME, "interview"),
        ("training", Outcome(interview=Held("会谈室")), "interview"),
        ("talk", Outcome(interview=Held("  ")), "interview.place"),
        ("talk", Outcome(interview=Held("会谈室", at="25:00")), "interview.at"),
        ("talk", Outcome(interview=Held("会谈室", by="E999")), "interview.by"),
        ("talk", Outcome(interview=Held("会谈室", by="E101")), "interview.by"),
    ],
)
def test_what_is_wrong_with_it_is_named(company: Company, kind: str, outcome: Outcome, path: str) -> None:
    item = to_talk(company.world, company.clock, company.card("E101"), kind)
    with refused(Reason.INVALID_INPUT, path):
        follow_up.move(
            company.actor("hr"), company.clock, item.id, "complete", seen_version=2, reason=SAID, outcome=outcome
        )


def test_a_move_that_does_not_complete_tells_of_no_talk(company: Company, talk: ActionItem) -> None:
    outcome = Outcome(interview=Held("会谈室"))
    with refused(Reason.INVALID_INPUT, "interview"):
        follow_up.move(company.actor("hr"), company.clock, talk.id, "confirm", seen_version=2, outcome=outcome)


def test_the_person_reads_it_and_says_so_in_their_own_words(company: Company, talk: ActionItem) -> None:
    record = held(company, talk)
    assert look_up_interviews.count_unread(company.actor("employee")) == 1
    with refused(Reason.NOT_YOURS):
        move(company, record, "hr", "acknowledge")
    move(company, record, "employee", "acknowledge", "扣分属实,已改进")
    found = read(company, record, "employee").interview
    assert (found.state, found.comment, found.acknowledged_at) == ("acknowledged", "扣分属实,已改进", company.clock())
    assert look_up_interviews.count_unread(company.actor("employee")) == 0


def test_it_is_corrected_beside_what_stands_and_read_again(company: Company, talk: ActionItem) -> None:
    record = held(company, talk)
    move(company, record, "employee", "acknowledge", "已改进")
    with refused(Reason.NO_GRANT):
        move(company, record, "employee", "correct", MISTAKE)
    move(company, record, "hr", "correct", MISTAKE)
    found = read(company, record)
    assert (found.interview.state, found.interview.held_on) == ("corrected", date(2026, 11, 4))
    assert (found.interview.acknowledged_at, found.interview.comment) == (None, None)
    assert [(each.text, each.by) for each in found.corrections] == [(MISTAKE, "人力资源")]
    assert look_up_interviews.count_unread(company.actor("employee")) == 1
    move(company, record, "employee", "acknowledge")
    assert read(company, record).interview.state == "acknowledged"


def test_that_it_was_not_read_is_noted_and_the_person_may_read_it_later(company: Company, talk: ActionItem) -> None:
    record = held(company, talk)
    move(company, record, "hr", "decline", "本人拒绝签字")
    assert read(company, record).interview.declined == "本人拒绝签字"
    move(company, record, "employee", "acknowledge")
    found = read(company, record).interview
    assert (found.state, found.declined) == ("acknowledged", None)


@pytest.mark.parametrize(
    ("table", "values"),
    [(ActionItem, {"outcome": "没有谈过"}), (Interview, {"place": "别处"}), (Interview, {"held_by": "别人"})],
)
def test_the_database_itself_keeps_what_was_said(
    company: Company, talk: ActionItem, table: Any, values: dict[str, str]
) -> None:
    held(company, talk)
    with pytest.raises(DatabaseError, match="kaogong: "):
        db.session.execute(update(table).values(**values))
    db.session.rollback()


def test_the_list_and_the_verdict_on_one_agree(company: Company, talk: ActionItem) -> None:
    record = held(company, talk)
    listed = {
        who
        for who in ACCOUNTS
        if look_up_interviews.list_interviews(company.actor(who), InterviewsWanted(), PageAsked()).rows
    }
    assert listed == {"admin", "hr", "auditor", "employee"}
    for who in set(ACCOUNTS) - listed:
        with refused(Reason.NOT_SEEN):
            read(company, record, who)
    wanted = InterviewsWanted(state="recorded", subject="E101", own=True)
    assert len(look_up_interviews.list_interviews(company.actor("employee"), wanted, PageAsked()).rows) == 1
    assert look_up_interviews.list_interviews(company.actor("hr"), wanted, PageAsked()).rows == ()


def test_a_list_takes_the_same_statements_whatever_its_length(company: Company, talk: ActionItem) -> None:
    def count() -> int:
        with statements() as sent:
            look_up_interviews.list_interviews(company.actor("hr"), InterviewsWanted(), PageAsked())
        return len(sent)

    held(company, talk)
    few = count()
    for code in ("E102", "E103"):
        hold(company.world, company.clock, to_talk(company.world, company.clock, company.card(code)))
    assert count() == few


def test_the_printed_record_tells_it_all(company: Company, talk: ActionItem) -> None:
    def printed() -> str:
        head = Letterhead("远山银行", UTC)
        file = export_action.form_of_action(company.actor("hr"), company.clock, talk.id, head)
        return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages)

    assert "谈话地点" in printed()
    record = held(company, talk)
    move(company, record, "hr", "correct", MISTAKE)
    move(company, record, "employee", "acknowledge", "已改进")
    for each in ("刘洋", "14:30", "会谈室", "班组长", SAID, MISTAKE, "本人已阅", "已改进"):
        assert each in printed()

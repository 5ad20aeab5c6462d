"""A signer asks about a card that waits for them; a preparer answers, and the card stays where it is."""

from collections.abc import Iterator

import pytest

from tests.support.company_fixtures import Company, company_after
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, october_open
from tests.support.world import World, bring_to, card_of, move
from workflow.errors import Reason
from workflow.lifecycle.question import State
from workflow.models.database import db
from workflow.models.questions import CardQuestion
from workflow.services.scorecards import ask_question, cards, look_up_questions
from workflow.services.scorecards.look_up_questions import QuestionRow

WHY = "流失率的数据来自哪份报表?"
BECAUSE = "客户系统十月报表第三页"


def customer_prepared(world: World, clock: SettableClock) -> None:
    october_open(world, clock)
    bring_to(world, clock, card_of("customer"), "prepared")


@pytest.fixture
def prepared(stories: Stories) -> Iterator[Company]:
    with company_after(customer_prepared, stories) as company:
        yield company


def ask(company: Company, username: str = "reviewer", item: str | None = "churn", text: str = WHY) -> CardQuestion:
    card = company.card("customer")
    return ask_question.ask(company.actor(username), company.clock, card.id, text, item)


def answer(company: Company, question: CardQuestion, username: str = "preparer", trigger: str = "answer") -> None:
    ask_question.move(
        company.actor(username), company.clock, question.id, trigger, seen_version=question.version, text=BECAUSE
    )


def read(company: Company, username: str) -> tuple[QuestionRow, ...]:
    opened = cards.open_many([company.card("customer").id])
    return look_up_questions.about_card(company.actor(username), next(iter(opened.values()))).rows


def test_a_question_is_answered_and_the_card_stays_signed(prepared: Company) -> None:
    before = prepared.card("customer").version
    question = ask(prepared)
    answer(prepared, question)
    (row,) = read(prepared, "reviewer")
    assert (row.state, row.item_title, row.answer, row.answerer_name) == (
        State.ANSWERED,
        "当月公司客户流失率",
        BECAUSE,
        "陈静",
    )
    assert (row.asker_name, row.asker_role, row.allowed) == ("李强", "reviewer", ())
    card = prepared.card("customer")
    assert (card.state, card.version) == ("prepared", before)
    assert prepared.events(question.id) == ["question.ask", "question.answer"]
    move(prepared.world, prepared.clock, card, "reviewer", "review")


def test_who_asked_takes_it_back(prepared: Company) -> None:
    question = ask(prepared, item=None)
    with refused(Reason.NOT_ASKER):
        answer(prepared, question, "triple", "withdraw")
    answer(prepared, question, "reviewer", "withdraw")
    assert question.state == State.WITHDRAWN
    with refused(Reason.WRONG_STATE):
        answer(prepared, question)


@pytest.mark.parametrize("username", ["preparer", "admin", "auditor"])
def test_only_who_could_return_the_card_asks(prepared: Company, username: str) -> None:
    with refused(Reason.NO_GRANT):
        ask(prepared, username)


def test_whom_the_card_appraises_finds_no_question(prepared: Company) -> None:
    question = ask(prepared)
    assert read(prepared, "head") == ()
    with refused(Reason.NOT_SEEN):
        look_up_questions.find_question(prepared.actor("head"), question.id)


def test_a_draft_and_a_locked_card_are_not_asked_about(prepared: Company) -> None:
    reviewer = prepared.actor("reviewer")
    with refused(Reason.NOT_SEEN):
        ask_question.ask(reviewer, prepared.clock, prepared.card("market").id, WHY)
    move(prepared.world, prepared.clock, prepared.card("customer"), "reviewer", "review")
    move(prepared.world, prepared.clock, prepared.card("customer"), "approver", "approve")
    with refused(Reason.WRONG_STATE):
        ask(prepared)


@pytest.mark.parametrize(
    ("item", "text", "path"), [("luck", WHY, "item"), ("churn", " ", "text"), ("churn", "问" * 1001, "text")]
)
def test_what_is_wrong_is_named(prepared: Company, item: str, text: str, path: str) -> None:
    with refused(Reason.INVALID_INPUT, path):
        ask(prepared, item=item, text=text)
    assert db.session.query(CardQuestion).count() == 0


def test_preparers_find_what_awaits_their_answer(prepared: Company) -> None:
    question = ask(prepared)
    ask(prepared, "reviewer-2", None)
    (found,) = look_up_questions.awaited(prepared.actor("preparer"))
    assert (found.subject_name, found.unit, found.count) == ("客户部", "customer", 2)
    for username in ("reviewer", "market-preparer", "head", "admin"):
        assert look_up_questions.awaited(prepared.actor(username)) == []
    answer(prepared, question)
    assert [each.count for each in look_up_questions.awaited(prepared.actor("preparer"))] == [1]

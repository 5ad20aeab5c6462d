"""Moving cards through their life: three people, each binding what they signed; a refusal is recorded alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company
from tests.support.refusals import refused
from tests.support.statements import statements
from tests.support.stocked import FULL_MARKET
from tests.support.world import BY_PASSWORD, bring_to, fill
from workflow.errors import Reason, Refusal
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.record import Record
from workflow.models.scorecards import Scorecard, Signature
from workflow.policy import Grant, Role
from workflow.services.accounts.identify import Proof
from workflow.services.plans import plan
from workflow.services.record import log_ahead
from workflow.services.scorecards import sign
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.sign import CardVersion
from workflow.wording import Language


def filled(company: Company, subject: str = "market") -> Scorecard:
    fill(company.world, company.clock, company.card(subject), FULL_MARKET)
    return company.card(subject)


def to(company: Company, state: str) -> Scorecard:
    """The card of 市场部, filled and signed until it is in this state."""
    card = filled(company)
    steps = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))
    for username, trigger in steps[: ["prepared", "reviewed", "approved", "published"].index(state) + 1]:
        company.clock.advance(minutes=1)
        company.move(card, username, trigger)
    return company.card("market")


def standing(company: Company) -> list[tuple[str, str]]:
    card = company.card("market")
    signatures = card_queries.standing(card_queries.signatures_of([card.id])[card.id])
    return [(each.meaning, each.name) for each in signatures]


def test_three_people_sign_and_each_signature_says_who_as_what_when_and_how(company: Company) -> None:
    card = to(company, "approved")
    found = db.session.scalars(select(Signature).where(Signature.scorecard_id == card.id).order_by(Signature.id)).all()
    assert [(each.meaning, each.role, each.name, each.method) for each in found] == [
        ("prepare", "preparer", "陈静", "password"),
        ("review", "reviewer", "李强", "password"),
        ("approve", "approver", "王敏", "password"),
    ]
    assert [each.at for each in found] == [company.clock() - timedelta(minutes=minutes) for minutes in (2, 1, 0)]
    assert [each.account_id for each in found] == [
        company.world.accounts[username] for username in ("preparer", "reviewer", "approver")
    ]
    assert len({each.digest for each in found}) == 1
    assert company.events(card.id)[-3:] == ["scorecard.prepare", "scorecard.review", "scorecard.approve"]


def test_each_move_is_recorded_with_the_role_the_state_before_and_the_reason(company: Company) -> None:
    card = to(company, "prepared")
    company.move(card, "reviewer", "return", reason="请补充说明")
    record, content = company.records(card.id)[-1]
    assert (record.event, record.role, record.state) == ("scorecard.return", "reviewer", "prepared")
    assert content["reason"] == "请补充说明"
    assert {"field": "state", "from": "prepared", "to": "draft"} in content["changes"]  # type: ignore[operator]


def test_publishing_says_when(company: Company) -> None:
    card = to(company, "published")
    assert (card.state, card.published_at) == ("published", company.clock())


@pytest.mark.parametrize(
    ("state", "username", "asked", "stands"),
    [
        ("prepared", "preparer", {"trigger": "withdraw"}, []),
        ("reviewed", "reviewer", {"trigger": "withdraw"}, [("prepare", "陈静")]),
        ("prepared", "reviewer", {"trigger": "return", "reason": "请补充说明"}, []),
        ("reviewed", "approver", {"trigger": "return", "reason": "请补充说明"}, []),
        (
            "reviewed",
            "approver",
            {"trigger": "return", "reason": "请补充说明", "to": "prepared"},
            [("prepare", "陈静")],
        ),
    ],
)
def test_what_is_taken_back_no_longer_stands(
    company: Company, state: str, username: str, asked: dict[str, Any], stands: list[tuple[str, str]]
) -> None:
    card = to(company, state)
    company.move(card, username, **asked)
    assert standing(company) == stands
    assert company.card("market").state == ("prepared" if stands else "draft")
    assert company.card("market").total == card.total


def test_a_card_that_came_back_is_signed_anew_and_the_old_signatures_stay_void(company: Company) -> None:
    card = to(company, "reviewed")
    company.move(card, "approver", "return", reason="请补充说明")
    for username, trigger in (("triple", "prepare"), ("reviewer-2", "review"), ("approver", "approve")):
        company.move(card, username, trigger)
    assert standing(company) == [("prepare", "多面手"), ("review", "孙燕"), ("approve", "王敏")]
    assert len(card_queries.signatures_of([card.id])[card.id]) == 5


@pytest.mark.parametrize(("username", "trigger"), [("admin", "publish"), ("admin", "void"), ("preparer", "withdraw")])
def test_moves_that_sign_nothing_need_no_proof(company: Company, username: str, trigger: str) -> None:
    card = to(company, "approved" if trigger == "publish" else "prepared")
    asked = Asked(trigger, reason="重复建表")
    sign.move(company.actor(username), company.clock, card.id, asked, seen_version=card.version)


# Who may not


def test_the_three_signatures_come_from_three_people(company: Company) -> None:
    card = filled(company)
    company.move(card, "triple", "prepare")
    with refused(Reason.SAME_SIGNER):
        company.move(card, "triple", "review")
    company.move(card, "reviewer", "review")
    with refused(Reason.SAME_SIGNER):
        company.move(card, "triple", "approve")


def test_a_voided_signature_does_not_count(company: Company) -> None:
    card = filled(company)
    company.move(card, "triple", "prepare")
    company.move(card, "triple", "withdraw")
    company.move(card, "preparer", "prepare")
    company.move(card, "triple", "review")


def test_nobody_signs_the_card_of_which_they_are_the_appraised_person(company: Company) -> None:
    """The head of 客户部 prepares for it, and is the one whom its card appraises."""
    fill(company.world, company.clock, company.card("customer"))
    card = company.card("customer")
    assert card.appraised_person_id == company.world.people["E001"].id
    with refused(Reason.OWN_CARD):
        company.move(card, "head", "prepare")


@pytest.mark.parametrize("username", ["market-preparer", "recorder", "nobody", "employee", "operator"])
def test_whom_the_card_is_not_shown_it_does_not_exist(company: Company, username: str) -> None:
    card = bring_to(company.world, company.clock, company.card("customer"), "prepared")
    with refused(Reason.NOT_SEEN):
        company.move(card, username, "review")


def test_only_the_newest_signer_withdraws(company: Company) -> None:
    card = to(company, "reviewed")
    with refused(Reason.NOT_NEWEST_SIGNER):
        company.move(card, "preparer", "withdraw")


# The order of refusals


def ask(company: Company, card: Scorecard, username: str, *, seen: int | None, proof: Proof = BY_PASSWORD) -> Reason:
    asked = Asked("prepare", proof)
    with pytest.raises(Refusal) as refusal:
        sign.move(company.actor(username), company.clock, card.id, asked, seen_version=seen)
    return refusal.value.denied.reason


def test_refusals_come_in_the_stated_order(company: Company) -> None:
    """Forbidden, version, state, stale, incomplete, proof (source: interfaces.md)."""
    card, none = company.card("market"), Proof(None)
    assert ask(company, card, "reviewer", seen=None) is Reason.NOT_SEEN
    assert ask(company, card, "admin", seen=None) is Reason.NO_GRANT
    assert ask(company, card, "preparer", seen=None) is Reason.NO_VERSION
    assert ask(company, card, "preparer", seen=9, proof=none) is Reason.STALE
    assert ask(company, card, "preparer", seen=card.version, proof=none) is Reason.INCOMPLETE
    card = filled(company)
    assert ask(company, card, "preparer", seen=card.version, proof=none) is Reason.PROOF_NEEDED
    assert ask(company, card, "preparer", seen=card.version, proof=Proof(None, wrong=True)) is Reason.PROOF_WRONG
    found = plan.find_plan("2026-10")
    plan.move(company.actor("admin"), company.clock, "2026-10", "close", seen_version=found.version)
    assert ask(company, card, "preparer", seen=9, proof=none) is Reason.PLAN_CLOSED


def test_a_stale_move_is_told_the_newest_version_and_state(company: Company) -> None:
    card = to(company, "prepared")
    with pytest.raises(Refusal) as stale:
        sign.move(company.actor("reviewer"), company.clock, card.id, Asked("review", BY_PASSWORD), seen_version=1)
    assert stale.value.current == {"version": card.version, "value": "prepared"}


def test_an_incomplete_card_is_not_prepared_and_the_refusal_names_what_is_missing(company: Company) -> None:
    card = company.card("market")
    with pytest.raises(Refusal) as refusal:
        company.move(card, "preparer", "prepare")
    assert refusal.value.denied.facts["count"] == 4
    assert company.card("market").state == "draft"


# Refused signings


def refusals(company: Company, card: Scorecard) -> list[tuple[int | None, str, Any]]:
    told = company.records(card.id)
    return [(each.version, each.event, text["reason"]) for each, text in told if each.event == "scorecard.refused"]


def test_a_refused_signing_is_recorded_alone_and_without_a_version(company: Company) -> None:
    card = company.card("market")
    with refused(Reason.INCOMPLETE):
        company.move(card, "preparer", "prepare")
    assert refusals(company, card) == [(None, "scorecard.refused", "prepare: incomplete")]
    record, content = company.records(card.id)[-1]
    assert (record.actor_id, content["changes"]) == (company.world.accounts["preparer"], [])
    assert company.card("market").version == card.version


def test_at_most_one_a_minute_is_recorded_for_a_card_and_a_signer(company: Company) -> None:
    card = company.card("market")
    for username in ("preparer", "triple", "preparer"):
        with refused(Reason.INCOMPLETE):
            company.move(card, username, "prepare")
    assert len(refusals(company, card)) == 2
    company.clock.advance(minutes=1)
    with refused(Reason.INCOMPLETE):
        company.move(card, "preparer", "prepare")
    assert len(refusals(company, card)) == 3


def test_what_is_no_signing_or_not_seen_leaves_no_record(company: Company) -> None:
    card = to(company, "prepared")
    before = company.events(card.id)
    with refused(Reason.NO_GRANT):
        company.move(card, "preparer", "void", reason="重复建表")
    with refused(Reason.NOT_SEEN):
        company.move(card, "nobody", "review")
    assert company.events(card.id) == before


def test_the_chain_goes_on_from_the_last_change_whatever_was_refused_between(company: Company) -> None:
    card = company.card("market")
    with refused(Reason.INCOMPLETE):
        company.move(card, "preparer", "prepare")
    filled(company)
    made = [record for record, _ in company.records(card.id) if record.version is not None]
    assert [record.previous_hash for record in made] == [None, *(record.hash for record in made[:-1])]


# Batches


def move_many(company: Company, username: str, trigger: str, *rows: CardVersion) -> list[Any]:
    answers = sign.move_many(company.actor(username), company.clock, rows, Asked(trigger, BY_PASSWORD))
    return [each.denied.reason if isinstance(each, Refusal) else each.state for each in answers]  # type: ignore[union-attr]


def test_each_card_of_a_batch_stands_alone(company: Company) -> None:
    market, sales, east = filled(company), company.card("sales"), company.card("east")
    told = move_many(
        company,
        "preparer",
        "prepare",
        CardVersion(sales.id, sales.version),
        CardVersion(market.id, market.version),
        CardVersion(1, 1),
        CardVersion(east.id, 99),
        CardVersion(market.id, market.version),
    )
    assert told == [Reason.INCOMPLETE, "prepared", Reason.NOT_SEEN, Reason.STALE, Reason.NOT_SEEN]
    assert [company.card(subject).state for subject in ("market", "sales", "east")] == ["prepared", "draft", "draft"]
    assert len(refusals(company, sales)) == len(refusals(company, east)) == 1
    assert refusals(company, market) == []


def test_a_batch_reads_its_cards_in_as_many_queries_as_one(company: Company) -> None:
    def reading(*subjects: str) -> int:
        rows = [CardVersion(company.card(subject).id, 99) for subject in subjects]
        asked = Asked("publish")
        db.session.rollback()
        with statements() as sent:
            sign.move_many(company.actor("admin"), company.clock, rows, asked)
        return len(sent)

    assert reading("E101") == reading("E101", "E102", "E103")


# What a person of several accounts or roles is


def test_two_accounts_of_one_person_are_one_signer(company: Company) -> None:
    card = filled(company)
    person = company.world.people["E103"].id
    first = replace(company.actor("preparer"), person_id=person)
    second = replace(company.actor("reviewer"), person_id=person)
    sign.move(first, company.clock, card.id, Asked("prepare", BY_PASSWORD), seen_version=card.version)
    with refused(Reason.SAME_SIGNER):
        sign.move(second, company.clock, card.id, Asked("review", BY_PASSWORD), seen_version=card.version + 1)


def test_a_signature_names_the_role_that_signs_not_another_that_is_held(company: Company) -> None:
    card = to(company, "prepared")
    everything = replace(company.actor("reviewer"), grants=tuple(Grant(role) for role in Role))
    sign.move(everything, company.clock, card.id, Asked("review", BY_PASSWORD), seen_version=card.version)
    record = db.session.scalars(select(Record).where(Record.event == "scorecard.review")).one()
    assert record.role == "reviewer"


def test_nothing_is_signed_while_the_log_is_known_to_be_longer_elsewhere(company: Company) -> None:
    card = filled(company)
    log_ahead.keep("witness.example/w1", 900, company.clock)
    before = company.events(card.id)
    with pytest.raises(Refusal, match=Reason.LOG_BEHIND) as refusal:
        company.move(card, "preparer", "prepare")
    assert "witness.example/w1" in refusal.value.denied.sentence(Language.ZH)
    with refused(Reason.LOG_BEHIND):
        sign.move_many(
            company.actor("preparer"), company.clock, [CardVersion(card.id, 2)], Asked("prepare", BY_PASSWORD)
        )
    assert company.events(card.id) == before
    log_ahead.forget("witness.example/w1")
    company.move(company.card("market"), "preparer", "prepare")

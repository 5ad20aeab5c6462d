"""Many edits at once: each card stands alone, a wrong cell fails alone, every card changes once."""

from decimal import Decimal
from typing import Any

from tests.support.company_fixtures import Company
from tests.support.statements import statements
from workflow.errors import Reason, Refusal
from workflow.models.database import db
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import CardEdit, ItemEdit

GOOD = {"level": "良好"}


def row(company: Company, subject: str, item: str, entered: dict[str, Any] | None, seen: int = 1) -> CardEdit:
    return CardEdit(company.card(subject).id, seen, ItemEdit(item, entered))


def batch(company: Company, *rows: CardEdit, by: str = "preparer") -> list[Any]:
    answers = appraise.edit_many(company.actor(by), company.clock, rows)
    return [each.denied.reason if isinstance(each, Refusal) else "ok" for each in answers]


def test_the_rows_of_a_batch_are_answered_in_their_order_and_each_card_changes_once(company: Company) -> None:
    told = batch(
        company,
        row(company, "market", "planning", GOOD),
        row(company, "sales", "service", GOOD),
        row(company, "market", "complaints", GOOD),
    )
    assert told == ["ok", "ok", "ok"]
    assert [company.card(subject).version for subject in ("market", "sales")] == [2, 2]
    assert company.card("market").provisional_total == Decimal("56")
    assert company.events(company.card("market").id) == ["scorecard.create", "scorecard.edit"]


def test_a_wrong_cell_fails_alone(company: Company) -> None:
    told = batch(
        company,
        row(company, "market", "planning", {"level": "极好"}),
        row(company, "market", "complaints", GOOD),
        row(company, "market", "nothing", GOOD),
    )
    assert told == [Reason.INVALID_INPUT, "ok", Reason.NOT_SEEN]
    assert company.card("market").provisional_total == Decimal("6")


def test_a_stale_card_fails_alone_with_all_its_rows(company: Company) -> None:
    batch(company, row(company, "sales", "service", GOOD))
    told = batch(
        company,
        row(company, "sales", "complaints", GOOD),
        row(company, "market", "planning", GOOD),
        row(company, "sales", "information", GOOD),
    )
    assert told == [Reason.STALE, "ok", Reason.STALE]


def test_the_version_is_the_one_of_the_cards_first_row(company: Company) -> None:
    told = batch(
        company, row(company, "market", "planning", GOOD, seen=1), row(company, "market", "complaints", GOOD, seen=99)
    )
    assert told == ["ok", "ok"]


def test_cards_that_are_not_there_or_not_seen_fail_alone(company: Company) -> None:
    unknown = CardEdit(1, 1, ItemEdit("planning", GOOD))
    rows = (unknown, row(company, "customer", "survey", GOOD), row(company, "market", "planning", GOOD))
    assert batch(company, *rows, by="market-preparer") == [Reason.NOT_SEEN, Reason.NOT_SEEN, "ok"]


def test_a_batch_that_changes_nothing_leaves_no_record(company: Company) -> None:
    card = company.card("market")
    batch(company, row(company, "market", "planning", {"level": "极好"}))
    assert (company.card("market").version, company.events(card.id)) == (1, ["scorecard.create"])


def test_a_batch_reads_its_cards_in_as_many_queries_as_one(company: Company) -> None:
    def reading(*subjects: str) -> int:
        rows = [row(company, subject, "quality", {"adjustments": []}, seen=99) for subject in subjects]
        db.session.rollback()
        with statements() as sent:
            batch(company, *rows)
        return len([each for each in sent if each.startswith("SELECT") and "FROM adjustment" not in each])

    assert reading("E101") == reading("E101", "E102", "E103")

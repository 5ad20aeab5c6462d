"""A receipt proves a published card to whoever holds it; changed in any place it proves nothing."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.company_fixtures import Company, company_after
from tests.support.logs import begin_log
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, october_open
from tests.support.world import World, bring_to, card_of
from workflow.cli.records import records_group
from workflow.errors import Reason
from workflow.models.scorecards import Scorecard
from workflow.records.notes import Kind, Verifier, new_signer
from workflow.records.receipt import ReceiptError, check_receipt, names_raters
from workflow.services.record import log_key
from workflow.services.record.give_receipt import give_receipt
from workflow.services.record.sequence_log import Sequencer


def customer_published(world: World, clock: SettableClock) -> None:
    october_open(world, clock)
    bring_to(world, clock, card_of("customer"), "published")


@pytest.fixture
def company(stories: Stories) -> Iterator[Company]:
    """The company in which the card of 客户部 is published."""
    with company_after(customer_published, stories) as company:
        yield company


@pytest.fixture
def sequencer(company: Company, tmp_path: Path) -> Sequencer:
    return begin_log(tmp_path, company.clock)


@pytest.fixture
def card(company: Company, sequencer: Sequencer) -> Scorecard:
    sequencer.catch_up()
    return company.card("customer")


@pytest.fixture
def receipt(company: Company, card: Scorecard) -> Any:
    return json.loads(give_receipt(company.actor("head"), card.id)[1])


@pytest.fixture
def keys() -> list[Verifier]:
    return list(log_key.known())


def test_the_appraised_person_gets_every_record_of_the_card(company: Company, card: Scorecard, receipt: Any) -> None:
    assert [each["envelope"]["event"] for each in receipt["records"]] == company.events(card.id)
    assert receipt["card"]["total"] == str(card.total)
    assert all(each["content"] and each["salt"] for each in receipt["records"])


def test_a_receipt_holds_down_to_the_logs_signature(receipt: Any, card: Scorecard, keys: list[Verifier]) -> None:
    found = check_receipt(receipt, keys)
    assert found.card["number"] == card.number
    assert found.records == len(receipt["records"])
    assert (found.withheld, found.key) == (0, str(keys[0]))


def test_nobody_gets_it_who_may_not_read_the_record(company: Company, card: Scorecard) -> None:
    with refused(Reason.NOT_SEEN):
        give_receipt(company.actor("nobody"), card.id)
    with refused(Reason.NO_GRANT):
        give_receipt(company.actor("hr"), card.id)


def test_there_is_none_of_a_card_that_is_not_published(company: Company, sequencer: Sequencer) -> None:
    sequencer.catch_up()
    draft = company.card("market")
    with refused(Reason.WRONG_STATE):
        give_receipt(company.actor("preparer"), draft.id)


def test_a_record_that_waits_for_its_place_is_told(company: Company, sequencer: Sequencer) -> None:
    with refused(Reason.NOT_LOGGED):
        give_receipt(company.actor("head"), company.card("customer").id)
    sequencer.catch_up()
    assert give_receipt(company.actor("head"), company.card("customer").id)


def leaves_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every single value in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if isinstance(each, dict | list):
            yield from leaves_of(each, (*path, key))
        else:
            yield *path, key


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + 1
    return value[:-1] + ("0" if value[-1:] != "0" else "1")


def test_any_value_that_was_changed_is_found(receipt: Any, keys: list[Verifier]) -> None:
    """Of the first records and the last ones, every single value; of the head, all that the records speak of."""
    records = receipt["records"]
    receipt["records"] = records
    for place in leaves_of(receipt):
        if place[0] == "records" and 2 <= place[1] < len(records) - 2:
            continue
        if place[:2] == ("log", "key"):
            continue  # who checks brings the key
        changed = deepcopy(receipt)
        within = changed
        for key in place[:-1]:
            within = within[key]
        within[place[-1]] = other(within[place[-1]])
        with pytest.raises(ReceiptError):
            check_receipt(changed, keys)


@pytest.mark.parametrize(
    "alter",
    [
        lambda records: records.pop(),
        lambda records: records.pop(3),
        lambda records: records.insert(0, records[1]),
        lambda records: records.reverse(),
        lambda records: records.clear(),
    ],
    ids=["the last one left out", "one left out", "one doubled", "reversed", "none"],
)
def test_a_receipt_with_other_records_does_not_hold(
    receipt: Any, keys: list[Verifier], alter: Callable[[list[Any]], Any]
) -> None:
    alter(receipt["records"])
    with pytest.raises(ReceiptError):
        check_receipt(receipt, keys)


def test_a_log_of_ones_own_making_does_not_hold_under_the_companys_key(receipt: Any) -> None:
    with pytest.raises(ReceiptError, match="signature"):
        check_receipt(receipt, [new_signer("log.example/record").verifier])


@pytest.mark.parametrize("content", [None, [], {}, {"format": "x"}, {"format": "kaogong-receipt/1"}, 7, "x"])
def test_what_is_no_receipt_is_told(content: Any) -> None:
    with pytest.raises(ReceiptError, match="not a receipt"):
        check_receipt(content)


def test_who_rated_is_not_told_and_the_rest_still_holds(receipt: Any, keys: list[Verifier]) -> None:
    ratings = {"ratings": [{"group": "peers", "by": "E102", "value": "4"}]}
    rated = {"changes": [{"field": "items/attitude/input", "from": None, "to": ratings}]}
    assert names_raters(rated)
    assert not names_raters({"changes": [{"field": "items/churn/input", "from": None, "to": {"value": "2"}}]})
    receipt["records"][4] |= {"content": None, "salt": None}
    assert check_receipt(receipt, keys).withheld == 1


# The command


def run(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(records_group, ["check-receipt", str(path), *options])
    return result.exit_code, result.output


def test_the_command_says_what_the_receipt_shows(receipt: Any, keys: list[Verifier], tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    code, said = run(path, "--key", str(keys[0]))
    assert code == 0
    assert "凭据成立:客户部 2026-10 评分表" in said
    assert "The receipt holds" in said
    witness = new_signer("witness.example/w1", Kind.COSIGNATURE).verifier
    assert run(path, "--witness", str(witness))[0] == 0
    assert "--key" in run(path)[1]


def test_the_command_says_what_does_not_hold(receipt: Any, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    receipt["card"]["total"] = "100"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    code, said = run(path)
    assert code == 1
    assert "total" in said
    path.write_text("{", encoding="utf-8")
    assert run(path)[0] == 1
    assert run(path, "--key", "nonsense")[0] == 2

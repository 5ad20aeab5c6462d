"""A person's content goes by order; that it was there, when and by which order stays, and everything still verifies."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.support.company_fixtures import Company
from tests.support.logs import begin_log
from tests.support.raw import connected
from tests.support.refusals import refused
from tests.support.stocked import adjust, approve
from tests.support.world import card_of
from workflow.errors import Reason
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.organisation import Person
from workflow.models.personal import ERASED
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Scorecard
from workflow.policy import SYSTEM
from workflow.records.faults import FaultCode
from workflow.records.merkle import root_of
from workflow.services import verify_records
from workflow.services.erase import erase_person

NAME, CODE = "吴霞", "E101"


@pytest.fixture
def erased(company: Company) -> Company:
    """E101 had an approved card and an account, and was erased."""
    adjust(company.world, company.clock, card_of(CODE))
    approve(company.world, company.clock, card_of(CODE))
    erase_person(SYSTEM, company.clock, CODE, "人力〔2026〕12 号")
    db.session.rollback()
    db.session.expire_all()
    return company


def test_the_name_is_nowhere_any_more(erased: Company) -> None:  # noqa: ARG001 — it was erased
    assert db.session.scalars(select(Person.name).where(Person.code == CODE)).one() == ERASED
    assert db.session.scalars(select(Scorecard.subject_name).where(Scorecard.subject_code == CODE)).all() == [ERASED]
    account = db.session.scalars(select(Account).where(Account.name == ERASED)).one()
    assert (account.disabled, account.username.startswith("erased-")) == (True, True)
    assert not [each for each in db.session.scalars(select(RecordContent.content)) if NAME in str(each)]


def test_the_record_still_verifies(erased: Company) -> None:  # noqa: ARG001 — it was erased
    verdict = verify_records.verify()
    assert verdict.holds, verdict.fault


def test_the_tree_is_the_same_as_before(company: Company, tmp_path: Path) -> None:
    adjust(company.world, company.clock, card_of(CODE))
    approve(company.world, company.clock, card_of(CODE))
    sequencer = begin_log(tmp_path, company.clock)
    sequencer.catch_up()
    before = (sequencer.folder.path / "checkpoint").read_text()
    erase_person(SYSTEM, company.clock, CODE, "人力〔2026〕12 号")
    hashes = db.session.scalars(select(Record.hash).order_by(Record.id)).all()
    sequencer.catch_up()
    assert len(hashes) > int(before.split("\n")[1])
    assert root_of(hashes)  # every envelope is still there


def test_the_order_is_a_record_that_names_what_it_took(erased: Company) -> None:  # noqa: ARG001 — it was erased
    query = select(RecordContent.content).join(Record, Record.id == RecordContent.record_id)
    content = db.session.scalars(query.where(Record.event == "erasure.order")).one()
    told = {change["field"]: change["to"] for change in content["changes"]}
    assert told["order_text"] == "人力〔2026〕12 号"
    gone = set(db.session.scalars(select(Record.id))) - set(db.session.scalars(select(RecordContent.record_id)))
    assert {told[field] for field in told if field.startswith("records/")} == {str(each) for each in gone}


def test_points_and_signatures_stay(erased: Company) -> None:
    card = erased.card(CODE)
    assert (card.state, card.subject_code) == ("approved", CODE)
    assert card.total is not None


def test_what_no_order_names_cannot_be_deleted(erased: Company) -> None:
    with connected(erased.database, as_owner=True) as connection, pytest.raises(DBAPIError, match="kaogong"):
        connection.execute(delete(RecordContent))


def test_a_locked_card_of_somebody_else_keeps_its_name(erased: Company) -> None:
    adjust(erased.world, erased.clock, card_of("E102"))
    approve(erased.world, erased.clock, card_of("E102"))
    attack = update(Scorecard).where(Scorecard.subject_code == "E102").values(subject_name=ERASED)
    with connected(erased.database, as_owner=True) as connection, pytest.raises(DBAPIError, match="kaogong"):
        connection.execute(attack)


def test_content_that_is_gone_without_an_order_is_found(erased: Company) -> None:
    drop = "DROP TRIGGER guard_record_content_delete" + (
        " ON record_content" if erased.database.kind == "postgresql" else ""
    )
    with connected(erased.database, as_owner=True) as connection:
        connection.execute(text(drop))
        left = connection.execute(select(RecordContent.record_id).limit(1)).scalar_one()
        connection.execute(delete(RecordContent).where(RecordContent.record_id == left))
        connection.commit()
    fault = verify_records.verify().fault
    assert fault is not None
    assert fault.code is FaultCode.CONTENT_MISSING


def test_an_order_needs_its_paper_and_is_carried_out_once(erased: Company) -> None:
    with refused(Reason.INVALID_INPUT, "order"):
        erase_person(SYSTEM, erased.clock, "E102", "?")
    with refused(Reason.INVALID_INPUT, "person"):
        erase_person(SYSTEM, erased.clock, CODE, "人力〔2026〕13 号")
    with refused(Reason.NOT_SEEN):
        erase_person(SYSTEM, erased.clock, "E999", "人力〔2026〕13 号")

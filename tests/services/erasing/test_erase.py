"""A person's content goes by order; that it was there, when and by which order stays, and everything still verifies."""

import json
from collections.abc import Iterator
from datetime import UTC, date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.support.company_fixtures import Company, company_after
from tests.support.logs import begin_log
from tests.support.raw import connected
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.source_schemes import scheme_of
from tests.support.stocked import adjust, approve
from tests.support.stories import Stories, october_open
from tests.support.world import BY_PASSWORD, World, card_of
from workflow.cli.records import lines, receipt_lines
from workflow.errors import Reason
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.erasures import ErasedContent
from workflow.models.organisation import Person
from workflow.models.personal import ERASED
from workflow.models.personnel import Standing
from workflow.models.record import Record, RecordContent
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.records.canonical import plain
from workflow.records.faults import FaultCode
from workflow.records.merkle import root_of
from workflow.records.receipt import check_receipt
from workflow.scoring.engine import Scorer
from workflow.scoring.scheme import Scheme
from workflow.services.erasing.erase import erase_person, foresee
from workflow.services.erasing.reach_of_erasure import whom_of
from workflow.services.paging import PageAsked
from workflow.services.people.give_standing import NewStanding, give_standing
from workflow.services.printing.signing import check_form
from workflow.services.record import log_key, look_up_records, verify_records
from workflow.services.record.form_key import FormKey
from workflow.services.record.give_receipt import describe_receipt, give_receipt
from workflow.services.recorders import evidence, ledger
from workflow.services.recorders.ledger import NewEntry
from workflow.services.schemes.replay import replay
from workflow.services.scorecards.export_plan import Letterhead, form_of_card
from workflow.services.unit_of_work import unit_of_work
from workflow.wording import Language

NAME, CODE, ORDER = "吴霞", "E101", "人力〔2026〕12 号"


def agent_erased(world: World, clock: SettableClock) -> None:
    """Tell that E101 had an approved card and an account, and was erased."""
    october_open(world, clock)
    adjust(world, clock, card_of(CODE))
    approve(world, clock, card_of(CODE))
    erase_person(SYSTEM, clock, CODE, ORDER)


@pytest.fixture
def erased(stories: Stories) -> Iterator[Company]:
    """E101 had an approved card and an account, and was erased."""
    with company_after(agent_erased, stories) as company:
        yield company


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
    erase_person(SYSTEM, company.clock, CODE, ORDER)
    hashes = db.session.scalars(select(Record.hash).order_by(Record.id)).all()
    sequencer.catch_up()
    assert len(hashes) > int(before.split("\n")[1])
    assert root_of(hashes)  # every envelope is still there


def test_the_order_is_a_record_that_names_what_it_took(erased: Company) -> None:  # noqa: ARG001 — it was erased
    query = select(RecordContent.content).join(Record, Record.id == RecordContent.record_id)
    content = db.session.scalars(query.where(Record.event == "erasure.order")).one()
    told = {change["field"]: change["to"] for change in content["changes"]}
    assert told["order_text"] == ORDER
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


def test_the_proof_says_what_was_erased_when_and_by_whose_order(erased: Company) -> None:
    verdict = verify_records.verify()
    (told,) = verdict.as_data()["erasures"]
    gone = db.session.scalar(select(func.count()).select_from(ErasedContent))
    assert (told["number"], told["order"], told["person"], told["records"]) == (1, ORDER, CODE, gone)
    assert told["at"] == plain(erased.clock())
    shown = "\n".join(lines(verdict))
    assert f"依据:{ORDER}" in shown
    assert f"by: {ORDER}" in shown


def test_the_record_says_of_each_entry_which_order_took_what_it_said(erased: Company) -> None:
    rows = look_up_records.records_of_card(erased.actor("auditor"), erased.card(CODE).id, PageAsked(200)).rows
    assert [row.erased.order for row in rows if row.erased] == [ORDER] * (len(rows) - 1)
    assert (rows[-1].event, rows[-1].erased, rows[-1].reason) == ("scorecard.erase", None, ORDER)
    assert all(not row.changes for row in rows[:-1])


def test_a_receipt_of_an_erased_card_holds_and_says_so(company: Company, tmp_path: Path) -> None:
    sequencer = begin_log(tmp_path, company.clock)
    adjust(company.world, company.clock, card_of(CODE))
    approve(company.world, company.clock, card_of(CODE))
    company.move(company.card(CODE), "admin", "publish")
    erase_person(SYSTEM, company.clock, CODE, ORDER)
    sequencer.catch_up()
    card, auditor = company.card(CODE), company.actor("auditor")
    receipt = json.loads(give_receipt(auditor, card.id)[1])
    found, facts = check_receipt(receipt, list(log_key.known())), describe_receipt(auditor, card.id)
    assert (found.card["subject_name"], found.withheld, found.erased) == (ERASED, 0, found.records - 1)
    assert (facts.withheld, facts.erased, facts.order and facts.order.order) == (0, found.erased, ORDER)
    assert NAME not in json.dumps(receipt, ensure_ascii=False)
    assert f"已按令删除:1 ({receipt['records'][0]['erased']['at'][:10]}, {ORDER})" in "\n".join(
        receipt_lines(found, Language.ZH, trusted=True)
    )


def test_nobody_goes_on_with_what_is_no_more(erased: Company) -> None:
    with refused(Reason.CONTENT_ERASED):
        erased.move(erased.card(CODE), "admin", "revise", reason="补记一次差错")


def test_its_form_says_so_and_is_not_signed_anew(erased: Company, tmp_path: Path) -> None:
    key, head = FormKey(tmp_path / "form-key.p12", None), Letterhead("示例银行", UTC)
    form = form_of_card(erased.actor("admin"), erased.clock, erased.card(CODE).id, head, key)
    assert check_form(form) == ()
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(form)).pages)
    assert ("此人的内容已按令删除" in text, NAME in text) == (True, False)


def test_a_back_test_takes_its_points_as_they_stood(erased: Company) -> None:
    card = erased.card(CODE)
    changed = scheme_of("csr-card").to_data()
    changed["sections"][0]["items"][0]["rule"]["bonus_max"] = "5"
    (again,) = replay([card.id], Scorer(Scheme.from_data(changed)))
    assert (again.totals.total, again.unread) == (card.total, ())


def test_a_file_of_evidence_goes_unless_somebody_elses_entry_names_it(company: Company) -> None:
    recorder, day = company.actor("recorder"), date(2026, 11, 2)
    files = [evidence.add(recorder, company.clock, f"{NAME}{n}.pdf", b"%%PDF-1.7 %d" % n) for n in (1, 2)]
    for code, named in ((CODE, files), ("E103", files[1:])):
        told = {
            "on": day.isoformat(),
            "reason": "未核对身份",
            "points": "-1",
            "evidence": [each.hash for each in named],
        }
        ledger.record(recorder, company.clock, NewEntry(code, "quality", told), today=day)
    adjust(company.world, company.clock, card_of(CODE))
    approve(company.world, company.clock, card_of(CODE))
    erase_person(SYSTEM, company.clock, CODE, ORDER)
    with refused(Reason.CONTENT_ERASED):
        evidence.open_file(recorder, files[0].hash, at_once=True)
    with refused(Reason.CONTENT_ERASED):
        evidence.add(company.actor("preparer"), company.clock, "又一次.pdf", b"%PDF-1.7 1")
    assert evidence.open_file(recorder, files[1].hash, at_once=True).content == b"%PDF-1.7 2"


def test_what_is_still_worked_on_is_not_erased(company: Company) -> None:
    with refused(Reason.CARDS_UNFINISHED):
        erase_person(SYSTEM, company.clock, CODE, ORDER)


def test_a_name_that_two_bear_stays_in_words_about_something_else(company: Company) -> None:
    person = company.world.people[CODE]
    assert whom_of(person).called == NAME
    with unit_of_work(SYSTEM, company.clock) as work:
        work.create(Person(id=new_id(), code="E888", name=NAME, name_key=""), "person.create")
    assert whom_of(person).called is None


def test_only_an_administrator_of_the_company_gives_an_order(company: Company) -> None:
    for username in ("operator", "hr", "preparer", "auditor"):
        with refused(Reason.NO_GRANT):
            foresee(company.actor(username), CODE)
        with refused(Reason.NO_GRANT):
            erase_person(company.actor(username), company.clock, CODE, ORDER)


def test_whoever_gives_it_sees_before_what_goes_and_what_stays(company: Company) -> None:
    adjust(company.world, company.clock, card_of(CODE))
    admin = company.actor("admin")
    assert foresee(admin, CODE).unfinished == (card_of(CODE).number,)
    approve(company.world, company.clock, card_of(CODE))
    seen = foresee(admin, CODE)
    assert {"person", "account", "scorecard"} <= seen.entities.keys()
    assert (seen.unfinished, seen.entities["scorecard"], seen.signed) == ((), 1, 0)
    with refused(Reason.PROOF_NEEDED):
        erase_person(admin, company.clock, CODE, ORDER)
    erasure = erase_person(admin, company.clock, CODE, ORDER, BY_PASSWORD)
    assert db.session.scalar(select(func.count()).select_from(ErasedContent)) == seen.records
    (order,) = db.session.scalars(select(Record).where(Record.entity_id == erasure.id))
    assert (order.actor_id, order.role) == (admin.account_id, "administrator")


def test_what_was_said_since_goes_by_another_order(erased: Company) -> None:
    new = NewStanding(CODE, "leave", date(2026, 11, 1), reason=f"{NAME}住院")
    give_standing(erased.actor("hr"), erased.clock, new)
    erase_person(SYSTEM, erased.clock, CODE, ORDER)
    assert db.session.scalars(select(Standing.reason)).all() == [ERASED]
    assert not [each for each in db.session.scalars(select(RecordContent.content)) if NAME in str(each)]
    assert verify_records.verify().fault is None


def test_an_order_needs_its_paper_and_is_carried_out_once(erased: Company) -> None:
    with refused(Reason.INVALID_INPUT, "order"):
        erase_person(SYSTEM, erased.clock, "E102", "?")
    with refused(Reason.INVALID_INPUT, "person"):
        erase_person(SYSTEM, erased.clock, CODE, "人力〔2026〕13 号")
    with refused(Reason.NOT_SEEN):
        erase_person(SYSTEM, erased.clock, "E999", "人力〔2026〕13 号")

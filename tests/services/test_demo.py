"""The demo organisation: every scheme of the source in use, nobody signs for themselves, and always the same story."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.support.application import make_settings
from tests.support.application_fixtures import PUBLISHED_MONTHS
from tests.support.bare_app import opened
from tests.support.databases import Database, SqliteTemplates
from tests.support.source_schemes import SCHEMES
from workflow.models.accounts import Account, RoleGrant
from workflow.models.card_queries import items_of
from workflow.models.database import db
from workflow.models.improvements import Improvement
from workflow.models.ledger import LedgerEntry, LedgerEvidence
from workflow.models.objections import Objection
from workflow.models.payroll import PayrollBatch, PayrollLine
from workflow.models.questions import CardQuestion
from workflow.models.rankings import Ranking
from workflow.models.reminders import Reminder
from workflow.models.reports import Report
from workflow.models.scorecards import Scorecard
from workflow.models.upgrade import upgrade
from workflow.policy import SIGNING_ROLES, State
from workflow.scoring.periods import Frequency, Period
from workflow.services.demo import load as demo
from workflow.services.demo.contents import CONTENTS
from workflow.services.following.effects import Verdict, effect_of
from workflow.services.paying import pay
from workflow.services.record import verify_records

SHOWN = (Frequency.DAY, Frequency.MONTH, Frequency.QUARTER)
"""What the newest two months hold; half-years and years need more of them."""

TODAY = date(2026, 11, 5)
CENT = Decimal("0.01")
LEVELS = {"E1082": "8000.00", "E1083": "6000.00", "E1084": "4500.00"}
"""The account managers' base wages: senior, intermediate, and junior by deposits."""


@pytest.fixture
def told(demo_templates: SqliteTemplates) -> Iterator[None]:
    with demo_templates.fresh() as database, opened(database):
        yield


def published(scheme: str, period: str | None = None) -> list[Scorecard]:
    query = select(Scorecard).where(Scorecard.scheme_code == scheme, Scorecard.state == State.PUBLISHED)
    if period is not None:
        query = query.where(Scorecard.period == period)
    return list(db.session.scalars(query.order_by(Scorecard.number)))


def scored() -> dict[str, tuple[Decimal | None, str | None]]:
    rows = db.session.execute(select(Scorecard.number, Scorecard.total, Scorecard.grade))
    return {number: (total, grade) for number, total, grade in rows}


def test_every_scheme_of_the_source_appraises_somebody() -> None:
    used = {each.scheme for contents in CONTENTS.values() for each in contents}
    assert used == {path.stem for path in SCHEMES.glob("*.yaml")}


@pytest.mark.usefixtures("told")
def test_every_scheme_of_the_newest_months_has_complete_published_cards() -> None:
    for scheme in (each.scheme for frequency in SHOWN for each in CONTENTS[frequency]):
        found = published(scheme)
        assert found, scheme
        assert all(card.total is not None for card in found), scheme


@pytest.mark.usefixtures("told")
def test_a_quarter_is_the_mean_of_its_published_months() -> None:
    months = [published("customer-service-department", month) for month in ("2026-08", "2026-09")]
    for card, *monthly in zip(published("customer-service-quarter"), *months, strict=True):
        mean = sum((each.total or Decimal(0) for each in monthly), Decimal(0)) / PUBLISHED_MONTHS
        assert card.total == mean.quantize(CENT, ROUND_HALF_UP)


@pytest.mark.usefixtures("told")
def test_the_mark_of_the_quarters_examination_holds_for_each_of_its_months() -> None:
    cards = published("hotline-guide")
    exams = [items_of([card.id])[card.id]["exam"] for card in cards]
    assert [each.input and each.input["period"] for each in exams] == ["2026-Q3"] * PUBLISHED_MONTHS
    assert len({each.points for each in exams}) == 1


@pytest.mark.usefixtures("told")
def test_account_managers_are_paid_by_level_and_by_what_their_customers_brought() -> None:
    paid = {each.card.subject_code: each.settled.pay for each in pay.pays_of(Period.parse("2026-09"), managers())}
    assert {code: str(each.parts["base"]) for code, each in paid.items()} == LEVELS
    assert all((each.parts["benefit"] or 0) > 0 for each in paid.values())


def managers() -> list[Scorecard]:
    return published("account-manager-profit", "2026-09")


@pytest.mark.usefixtures("told")
def test_no_account_that_signs_is_appraised() -> None:
    signing = select(Account.person_id).join(RoleGrant, RoleGrant.account_id == Account.id)
    signers = set(db.session.scalars(signing.where(RoleGrant.role.in_(SIGNING_ROLES))))
    appraised = set(db.session.scalars(select(Scorecard.appraised_person_id)))
    assert signers
    assert not signers & appraised


@pytest.mark.usefixtures("told")
def test_an_entry_has_its_file_and_is_void_after_an_appeal_or_its_question_was_answered() -> None:
    with_files = select(LedgerEntry).join(LedgerEvidence, LedgerEvidence.ledger_entry_id == LedgerEntry.id)
    states = {each.period: each.state for each in db.session.scalars(with_files)}
    assert states == {"2026-08": "void", "2026-09": "answered", "2026-10": "recorded"}


@pytest.mark.usefixtures("told")
def test_one_report_is_published_and_the_newest_months_waits_for_its_review() -> None:
    found = db.session.execute(select(Report.period, Report.state).order_by(Report.period)).all()
    assert [tuple(each) for each in found] == [("2026-08", State.PUBLISHED), ("2026-09", State.PREPARED)]


@pytest.mark.usefixtures("told")
def test_an_appeal_is_upheld_and_a_final_month_is_corrected_and_paid_again() -> None:
    appeals = db.session.scalars(select(Objection.state).where(Objection.kind == "appeal").order_by(Objection.id))
    assert list(appeals) == ["upheld", "rejected"]
    assert db.session.scalar(select(func.max(Ranking.number)).where(Ranking.state == "final")) == 3, "two corrections"
    (paid,) = db.session.scalars(select(PayrollLine).join(PayrollBatch).where(PayrollBatch.number == 2))
    assert (paid.person_code, paid.difference) == ("E1039", Decimal(60))


@pytest.mark.usefixtures("told")
def test_one_improvement_helped_one_did_not_and_one_is_overdue() -> None:
    plans = list(db.session.scalars(select(Improvement).order_by(Improvement.id)))
    assert [effect_of(each).verdict for each in plans] == [Verdict.BETTER, Verdict.WORSE, None]
    assert [each.state for each in plans] == ["evaluated", "evaluated", "in_progress"]
    assert plans[2].due_on < TODAY


@pytest.mark.usefixtures("told")
def test_a_reviewer_asked_and_was_answered_and_who_was_late_was_reminded() -> None:
    assert set(db.session.scalars(select(CardQuestion.state))) == {"answered"}
    late = select(Account.username).join(Reminder, Reminder.account_id == Account.id).where(Reminder.step == "inputs")
    assert {"recorder", "peer"} <= set(db.session.scalars(late))


@pytest.mark.usefixtures("told")
def test_the_record_of_all_that_holds() -> None:
    assert verify_records.verify().fault is None


@pytest.mark.usefixtures("told")
def test_the_same_story_gives_the_same_scores(tmp_path: Path) -> None:
    before = scored()
    db.session.remove()
    database = Database("sqlite", f"sqlite:///{tmp_path}/again.db")
    upgrade(database.url)
    with opened(database):
        demo.load(make_settings(database, tmp_path / "instance"), progress=lambda: None, published=PUBLISHED_MONTHS)
        assert scored() == before

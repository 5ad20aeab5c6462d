"""A company in which every recorded table has rows, with cards in most of the states."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from tests.support import reporting
from tests.support.agents import move_plan
from tests.support.objecting import act, object_to
from tests.support.settable_clock import SettableClock
from tests.support.talking import hold, to_talk
from tests.support.world import FULL_CUSTOMER, World, bring_to, build_world, card_of, fill, move, open_plan
from workflow.models.accounts import RoleGrant
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.imports import ImportBatch
from workflow.models.log import LogCheckpoint, LogCosignature
from workflow.models.organisation import Person, Unit
from workflow.models.payroll import BonusBase, PayrollBatch, PayrollLine
from workflow.models.personnel import LevelGiven, Standing
from workflow.models.plans import Plan
from workflow.models.rankings import Ranking, RankingEntry, RankingGroup, RankingGroupUnit
from workflow.models.reminders import Reminder
from workflow.models.scorecards import Acknowledgement, Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM
from workflow.records.tiles import WIDTH
from workflow.services.erasing.erase import erase_person
from workflow.services.following import improve, interviews
from workflow.services.following.improve import NewImprovement
from workflow.services.measurements import measure
from workflow.services.measurements.measure import Measured
from workflow.services.objections import handle_objections
from workflow.services.paying import maintain_portfolios, maintain_rates
from workflow.services.paying.maintain_portfolios import PortfolioRow
from workflow.services.people import delegate
from workflow.services.people.delegate import NewDelegation
from workflow.services.plans import maintain_calendar
from workflow.services.plans.maintain_calendar import DayKind
from workflow.services.plans.plan import PlanContents
from workflow.services.raters.ask_raters import ask_one
from workflow.services.record import log_key
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.services.record.log_key import Keyholder
from workflow.services.record.sequence_log import Sequencer
from workflow.services.recorders import evidence, ledger
from workflow.services.recorders.ledger import NewEntry
from workflow.services.reporting.write_reports import Remark
from workflow.services.scorecards import appraise, ask_question
from workflow.services.unit_of_work import Part, Work, unit_of_work

SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))
FULL_MARKET = {
    code: {"level": "良好"} for code in ("planning", "customer-management", "complaints", "information-base")
}
NOTHING_HAPPENED = {code: {"adjustments": []} for code in ("processing", "floor", "satisfaction")}


def stock(clock: SettableClock) -> World:
    """Make it: 客户部 published, 华东办事处 and E102 approved, 市场部 withdrawn, E101 adjusted, the others in draft."""
    world = build_world(clock)
    measured = [Measured("churn", "customer", "2026-09", "2.9", "客户系统")]
    measure.record_measurements(world.actor("admin"), clock, measured)
    open_plan(world, clock)
    bring_to(world, clock, card_of("customer"), "published")
    fill(world, clock, card_of("east"), {code: each for code, each in FULL_CUSTOMER.items() if code != "service-plan"})
    approve(world, clock, card_of("east"))
    fill(world, clock, card_of("market"), FULL_MARKET)
    move(world, clock, card_of("market"), "preparer", "prepare")
    _ask(world, clock, card_of("market"))
    move(world, clock, card_of("market"), "preparer", "withdraw")
    for code in ("E101", "E102"):
        adjust(world, clock, card_of(code))
    approve(world, clock, card_of("E102"))
    _record_with_evidence(world, clock)
    _log(clock)
    _erase_somebody(clock)
    admin = world.actor("admin")
    maintain_rates.put_rate(admin, clock, currency="USD", starts_on=date(2026, 10, 1), rate="7.1", source="外汇牌价")
    customer = {"customer": "C001", "name": "示例实业", "manager": "E101", "starts_on": date(2026, 1, 1)}
    figure = {"year": 2026, "part": "fee", "growth": "5"}
    rows = [PortfolioRow(**customer, **figure, base="100", currency=currency) for currency in ("CNY", "USD")]
    rows += [PortfolioRow(**{**customer, "customer": "C002"}, **figure), PortfolioRow(manager="E101", **figure)]
    maintain_portfolios.put_portfolio(admin, clock, rows)
    _add_what_has_no_use_case_yet(world, clock)
    _object(world, clock, card_of("customer"))
    _delegate(world, clock)
    _improve(world, clock)
    _remind(world, clock)
    _report(world, clock)
    _talk(world, clock)
    return world


def _talk(world: World, clock: SettableClock) -> None:
    """Hold two talks; the record of one is corrected twice."""
    for code in ("E101", "E102"):
        record = hold(world, clock, to_talk(world, clock, card_of(code)))
    for text in ("日期应为十一月五日", "地点应为培训室"):
        interviews.move(world.actor("hr"), clock, record.id, "correct", seen_version=record.version, reason=text)


def _ask(world: World, clock: SettableClock, card: Scorecard) -> None:
    """Let a signer ask of a card that waits for them; one question is answered."""
    for item in (None, "planning"):
        question = ask_question.ask(world.actor("reviewer"), clock, card.id, "依据是哪份报表?", item)
    seen = question.version
    ask_question.move(world.actor("preparer"), clock, question.id, "answer", seen_version=seen, text="见附件第三页")


def _report(world: World, clock: SettableClock) -> None:
    """Write the report of a published plan with a remark, sign and publish it, and begin its revision."""
    open_plan(world, clock, "reported", contents=(PlanContents("customer-department", ("customer",)),))
    bring_to(world, clock, card_of("customer", "reported"), "approved")
    for trigger in ("close", "publish"):
        move_plan(world, clock, "reported", trigger)
    remarks = (Remark("流失偏多", "逐户回访", scheme="customer-department", item="churn"),)
    report = reporting.bring_to(world, clock, reporting.write(world, clock, "reported", remarks), "published")
    reporting.act(world, clock, report, "admin", "revise", reason="补充说明")


def _remind(world: World, clock: SettableClock) -> None:
    """Remind somebody of a step."""
    facts = {"plan_id": card_of("customer").plan_id, "step": "review", "day": clock().date()}
    with unit_of_work(world.actor("admin"), clock) as work:
        row = Reminder(account_id=world.accounts["reviewer"], sent_by=world.accounts["admin"], **facts)
        work.create(row, "reminder.remind")


def _delegate(world: World, clock: SettableClock) -> None:
    """Let a reviewer be acted for, and another one no more."""
    grants = dict(db.session.execute(select(RoleGrant.account_id, RoleGrant.id)).all())
    for username in ("reviewer", "reviewer-2"):
        actor, day = world.actor(username), clock().date() + timedelta(days=1)
        given = delegate.delegate(actor, clock, NewDelegation(grants[actor.account_id], "approver-2", day, day, "出差"))
    delegate.move(world.actor("approver-2"), clock, given.id, "end", seen_version=given.version)


def approve(world: World, clock: SettableClock, card: Scorecard) -> None:
    """Have three people sign a complete card."""
    for username, trigger in SIGNERS:
        move(world, clock, card, username, trigger)


def adjust(world: World, clock: SettableClock, card: Scorecard) -> None:
    """Complete a person's card: two deductions from quality, of which one is voided, nothing elsewhere."""
    preparer = world.actor("preparer")
    fill(world, clock, card, NOTHING_HAPPENED)
    for points in ("-2", "-1"):
        entry = {"on": "2026-10-12", "reason": "录入差错", "points": points}
        appraise.add_adjustment(preparer, clock, card.id, "quality", entry, seen_version=card.version)
    appraise.void_adjustment(preparer, clock, card.id, "quality", 2, "记错了人", seen_version=card.version)


def _record_with_evidence(world: World, clock: SettableClock) -> None:
    """Record a deduction of E103 in a month that has no plan yet, with a file."""
    recorder = world.actor("recorder")
    file = evidence.add(recorder, clock, "质检单.pdf", b"%PDF-1.7 ")
    told = {"on": "2026-11-02", "reason": "未核对身份", "points": "-1", "evidence": [file.hash]}
    ledger.record(recorder, clock, NewEntry("E103", "quality", told), today=date(2026, 11, 2))


def _log(clock: SettableClock) -> None:
    """Give the log its key and its first checkpoint, co-signed; the records that come after this wait for their places."""
    with TemporaryDirectory() as folder:
        keyholder = Keyholder(Path(folder) / "log-key")
        log_key.begin(keyholder, clock, "log.example/record")
        _fill_a_tile(clock)
        Sequencer(keyholder, CheckpointFolder(Path(folder)), clock).catch_up()
    size = db.session.scalars(select(LogCheckpoint.size)).one()
    db.session.add(
        LogCosignature(size=size, witness="witness.example", line="— witness.example AAAAAAA=\n", at=clock())
    )
    db.session.commit()


def _erase_somebody(clock: SettableClock) -> None:
    """Have two people come and be erased again, so that there are orders and what they name."""
    for code in ("E901", "E902"):
        with unit_of_work(SYSTEM, clock) as work:
            work.create(Person(id=new_id(), code=code, name="某人", name_key=code), "person.create")
        erase_person(SYSTEM, clock, code, "第 1 号令")


def _fill_a_tile(clock: SettableClock) -> None:
    """Record so much that a tile of the log is full."""
    with unit_of_work(SYSTEM, clock) as work:
        unit = Unit(id=new_id(), code="many", title="0", parent_id=None, path="/many/")
        work.create(unit, "unit.create")
        for number in range(WIDTH):
            work.change(unit, "unit.rename", {"title": str(number + 1)})


def _add_what_has_no_use_case_yet(world: World, clock: SettableClock) -> None:
    with unit_of_work(SYSTEM, clock) as work:
        person = world.people["E001"].id
        work.create(Acknowledgement(scorecard_id=card_of("customer").id, person_id=person, at=clock()), "read")
        file = {"file_name": "people.xlsx", "file_hash": "0" * 64, "uploaded_by": world.accounts["hr"]}
        work.create(ImportBatch(kind="people", state="uploaded", uploaded_at=clock(), **file), "import.upload")
        dated = {"person_id": world.people["E103"].id, "starts_on": date(2026, 1, 1), "reason": "按人事档案"}
        work.create(Standing(kind="leave", ends_on=date(2026, 1, 9), **dated), "standing.give")
        work.create(LevelGiven(level="中级", way="decision", **dated), "level.give")
        _rank(work, world, card_of("customer"))
        _pay(work, world, card_of("E102"))
        for code in ("E101", "E102"):
            card = card_of("E103")
            ask_one(work, db.session.get_one(Plan, card.plan_id), card, "peer", world.people[code].id, "hand")


def _pay(work: Work, world: World, card: Scorecard) -> None:
    """Hand a card's pay to payroll, with a difference, and give the person bonus bases."""
    person = world.people[card.subject_code]
    facts = {name: getattr(card, name) for name in ("scheme_code", "scheme_version_id", "unit_id")}
    facts |= {"scorecard_id": card.id, "card_number": card.number, "card_revision": 0, "card_digest": "0" * 64}
    whose = {"person_id": person.id, "person_code": person.code, "person_name": person.name}
    for number in (1, 2):
        batch = PayrollBatch(id=new_id(), plan_id=card.plan_id, number=number, at=work.now)
        line = PayrollLine(id=new_id(), payroll_batch_id=batch.id)
        amounts = {"bonus": Decimal("2940.00"), "total": Decimal("2940.00"), "level": "中级"}
        part = Part(line, "lines/1", {**facts, **whose, **amounts}, is_new=True)
        work.create(batch, "payroll.freeze", parts=[part])
        base = BonusBase(person_id=person.id, amount=Decimal("2000.00"), starts_on=date(2024, number, 1), reason="入职")
        work.create(base, "bonus-base.set")


def _improve(world: World, clock: SettableClock) -> None:
    """Have 客户部 improve its churn: one plan is a draft, one in progress with a note, one is done and has no effect yet."""
    said = {"subject": "customer", "item": "churn", "problem": "流失偏多", "measures": "逐户回访", "owner": "E002"}
    for moves in ((), ("agree", "start", "note"), ("agree", "start", "finish")):
        new = NewImprovement(**said, due_on=date(2026, 12, 31))
        plan = improve.propose(world.actor("admin"), clock, new, today=clock().date())
        for trigger in moves:
            improve.move(world.actor("hr"), clock, plan.id, trigger, seen_version=plan.version, reason="已回访十户")


def _object(world: World, clock: SettableClock, card: Scorecard) -> None:
    """Let the person responsible for 客户部 ask and appeal; a committee has one vote of three. A day is a holiday, another not."""
    for kind in ("query", "appeal"):
        objection = object_to(world, clock, card, kind, None, "head")
    act(world, clock, objection, "reviewer-2", "accept", None)
    act(world, clock, objection, "reviewer-2", "reject")
    act(world, clock, objection, "head", "escalate")
    members, seen = ["admin", "approver-2", "triple"], objection.version
    handle_objections.name_committee(world.actor("admin"), clock, objection.id, members, seen_version=seen)
    act(world, clock, objection, "triple", "uphold")
    for day, kind in ((date(2027, 1, 1), DayKind.HOLIDAY), (date(2027, 1, 2), DayKind.WORKDAY)):
        maintain_calendar.add_day(world.actor("hr"), clock, day, kind, "元旦")


def _rank(work: Work, world: World, card: Scorecard) -> None:
    """Put a card in a ranking, propose something for whom it appraises, and make ranking groups."""
    names = {"within": "unit", "group_code": "hq", "group_title": "总部"}
    for number in (1, 2):
        ranking = Ranking(id=new_id(), plan_id=card.plan_id, family="customer-department", at=work.now, **names)
        ranking.number = number
        place = {"total": card.total, "rank": 1, "grade": card.grade}
        entry = RankingEntry(id=new_id(), ranking_id=ranking.id, scorecard_id=card.id)
        work.create(ranking, "ranking.compute", parts=[Part(entry, "entries/1", place, is_new=True)])
    subject = {name: getattr(card, name) for name in ("subject_kind", "subject_id", "subject_code", "subject_name")}
    proposed = {
        "code": "talk",
        "title": "谈话",
        "function": "hr",
        "unit_id": card.unit_id,
        "due_on": date(2026, 11, 20),
    }
    item = ActionItem(plan_id=card.plan_id, scorecard_id=card.id, period=card.period, **subject, **proposed)
    work.create(item, "action.propose")
    for code in ("rooms", "departments"):
        group = RankingGroup(id=new_id(), code=code, title="服务室")
        since = {"unit_id": world.units["card-team"].id, "starts_on": date(2024, 1, 1)}
        member = RankingGroupUnit(id=new_id(), ranking_group_id=group.id)
        work.create(group, "group.create", parts=[Part(member, "units/card-team", since, is_new=True)])

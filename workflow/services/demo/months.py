"""The demo organisation's months: what was measured, filled in, added and deducted, signed and published."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.scoring.periods import Period
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.services import appraise, measure, plan, sign
from workflow.services.appraise import CardEdit, ItemEdit
from workflow.services.asking import Asked
from workflow.services.demo import settling
from workflow.services.demo.entering import entered
from workflow.services.demo.found import BY_PASSWORD, Founded
from workflow.services.demo.moving import Month, move_plan
from workflow.services.maintain_schemes import scorer_of
from workflow.services.measure import Measured
from workflow.services.plan import NewPlan, PlanContents
from workflow.services.roll_up import taken_from_cards
from workflow.services.sign import CardVersion

CONTENTS = (
    PlanContents("customer-department", ("customer",)),
    PlanContents("marketing-department", ("market",)),
    PlanContents("sales-department", ("sales",)),
    PlanContents("regional-office", ("east",)),
    PlanContents("csr-card", ("credit-card", "general")),
    PlanContents("csr-wealth", ("platinum", "wealth")),
    PlanContents("hotline-shift-leader", ("hotline-1",), ("值班长",)),
    PlanContents("hotline-agent", ("hotline-1",), ("话务员",)),
)
INDICATORS: Mapping[str, tuple[float, float]] = {
    "churn": (2.6, 0.6),
    "growth": (3.2, 0.9),
    "complaint-satisfaction": (95.0, 1.5),
}
"""Around which value, in percent, an indicator moves, and how far."""

MEASURED_UNITS = ("customer", "east")
REASONS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "processing": ((3, "话务量排名前列"), (2, "主动加班支援高峰"), (-1, "整理时长超标"), (-2, "漏填工单")),
    "quality": ((-1, "未核对客户身份要素"), (-2, "解释口径有误"), (-1, "未使用规范结束语")),
    "floor": ((-1, "迟到一次"), (-1, "离席未登记")),
    "satisfaction": ((2, "收到客户书面表扬"), (1, "满意度高于团队均值"), (-1, "客户有效投诉一次")),
}
ONE_IN, STRUGGLING = 6, 1
"""Which agents have a hard time, by their staff numbers: so that there are those who come last month after month."""

UNPROVED = 0.1
"""The part of the entries that lack evidence, as in life."""

SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))


def measure_before(founded: Founded, first: Period) -> None:
    """Take in what was measured in the half year before the first plan: baselines need a history."""
    for count in range(6, 0, -1):
        month = Month.of(first.previous(count))
        measure.record_measurements(founded.actors["admin"], month, list(_measured(month)))


def publish_month(founded: Founded, period: Period) -> Month:
    """Tell one whole month: plan, entries, three signatures, publication."""
    month = open_month(founded, period)
    _fill(founded, month, settling.send_away(founded, month, _cards(period)), leave_out=0)
    _sign(founded, month, from_cards=False)
    _sign(founded, month, from_cards=True)
    month.later(days=1)
    move_plan(founded, month, "close")
    move_plan(founded, month, "publish")
    return month


def _sign(founded: Founded, month: Month, *, from_cards: bool) -> None:
    """Have the cards signed by three people: those that take from other cards once the others are approved."""
    for username, trigger in SIGNERS:
        month.later(hours=12)
        rows = [
            CardVersion(card.id, card.version)
            for card in _cards(month.period)
            if card.state != State.VOID
            and bool(taken_from_cards(scorer_of(card.scheme_version_id).scheme)) is from_cards
        ]
        sign.move_many(founded.actors[username], month, rows, Asked(trigger, BY_PASSWORD))


def open_month(founded: Founded, period: Period) -> Month:
    """Take in the month's measurements, make its plan and open it."""
    month = Month.of(period)
    measure.record_measurements(founded.actors["admin"], month, list(_measured(month)))
    due = {
        step: (period.last_day + timedelta(days=days)).isoformat()
        for step, days in {"inputs": 3, "prepare": 5, "review": 7, "approve": 9, "disclose": 10}.items()
    }
    title = f"{period.first_day.year}年{period.first_day.month}月月度考核"
    plan.create(founded.actors["admin"], month, NewPlan(period.label, title, period.label, CONTENTS, calendar=due))
    move_plan(founded, month, "open")
    return month


def leave_in_draft(founded: Founded, period: Period) -> Month:
    """Open the newest month and fill it in only partly: most cards are complete, some lack an item."""
    month = open_month(founded, period)
    _fill(founded, month, _cards(period), leave_out=4)
    return month


def _measured(month: Month) -> Iterator[Measured]:
    for unit in MEASURED_UNITS:
        for item, (middle, spread) in INDICATORS.items():
            value = f"{month.chance.gauss(middle, spread):.1f}"
            yield Measured(item, unit, month.period.label, value, "客户关系管理系统")


def _cards(period: Period) -> list[Scorecard]:
    query = select(Scorecard).where(Scorecard.period == period.label).order_by(Scorecard.number)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _fill(founded: Founded, month: Month, cards: list[Scorecard], *, leave_out: int) -> None:
    """Fill cards in, the last `leave_out` of them all but their last item."""
    edits: list[CardEdit] = []
    for place, card in enumerate(cards):
        items = list(scorer_of(card.scheme_version_id).scheme.items.values())
        kept = items if place < len(cards) - leave_out else items[:-1]
        for item in kept:
            given = entered(month, card, item)
            if given is not None:
                edits.append(CardEdit(card.id, card.version, ItemEdit(item.code, given)))
    appraise.edit_many(founded.actors["preparer"], month, edits)
    for card in cards:
        _adjust(founded, month, card)


def _what_happened(month: Month, card: Scorecard, reasons: Sequence[tuple[int, str]]) -> tuple[int, str]:
    """Draw twice: some people have the better of it month after month, some the worse."""
    drawn = (month.chance.choice(reasons), month.chance.choice(reasons))
    return min(drawn) if int(card.subject_code[1:]) % ONE_IN == STRUGGLING else max(drawn)


def _adjust(founded: Founded, month: Month, card: Scorecard) -> None:
    """Enter what happened to one agent in the month."""
    items = scorer_of(card.scheme_version_id).scheme.items
    free = {code for code, item in items.items() if isinstance(item.rule, AdjustmentsRule) and item.rule.step}
    for code, reasons in REASONS.items():
        if code not in free or month.chance.random() > 0.55:  # noqa: PLR2004 — a little less than every second item
            continue
        points, reason = _what_happened(month, card, reasons)
        day = month.period.first_day + timedelta(days=month.chance.randrange(27))
        entry: dict[str, Any] = {"on": day.isoformat(), "points": str(points), "reason": reason}
        if month.chance.random() > UNPROVED:
            entry["evidence"] = [f"QA-{day:%m%d}-{month.chance.randrange(100, 999)}"]
        recorder = founded.actors["recorder"]
        edited = appraise.add_adjustment(recorder, month, card.id, code, entry, seen_version=card.version)
        db.session.refresh(edited.card)

"""The demo organisation's months: opened, filled in, added and deducted, signed and published."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.services.demo import banking, measuring, questioning, rating, settling, with_evidence
from workflow.services.demo.contents import CONTENTS
from workflow.services.demo.entering import entered
from workflow.services.demo.found import BY_PASSWORD, Founded
from workflow.services.demo.moving import Month, move_plan
from workflow.services.plans import plan, remind
from workflow.services.plans.plan import NewPlan
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.appraise import CardEdit, ItemEdit
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.roll_up import taken_from_cards
from workflow.services.scorecards.sign import CardVersion

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

NO_CALENDAR: Mapping[str, str] = {}
SIGNERS = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"))


def publish_month(founded: Founded, period: Period) -> Month:
    """Tell one whole month: plan, entries, three signatures, publication."""
    month = open_month(founded, period)
    settling.grant_leave(founded, month)
    fill(founded, month, settling.send_away(founded, month, cards_of(period)))
    with_evidence.record(founded, month)
    publish(founded, month)
    return month


def publish(founded: Founded, month: Month) -> None:
    """Have the cards of a plan signed, those that take from others last; close the plan and publish it."""
    _sign(founded, month, from_cards=False)
    _sign(founded, month, from_cards=True)
    month.later(hours=2 * month.hours_to_sign)
    move_plan(founded, month, "close")
    move_plan(founded, month, "publish")


def _sign(founded: Founded, month: Month, *, from_cards: bool) -> None:
    """Have the cards signed by three people: those that take from other cards once the others are approved."""
    for username, trigger in SIGNERS:
        rows = [
            CardVersion(card.id, card.version)
            for card in cards_of(month.period)
            if card.state != State.VOID
            and bool(taken_from_cards(scorer_of(card.scheme_version_id).scheme)) is from_cards
        ]
        if rows:
            month.later(hours=month.hours_to_sign)
            sign.move_many(founded.actors[username], month, rows, Asked(trigger, BY_PASSWORD))
        if trigger == "prepare" and not from_cards and month.period.frequency is Frequency.MONTH:
            questioning.ask_and_answer(founded, month)


def open_month(founded: Founded, period: Period) -> Month:
    """Take in the month's measurements, make its plan and open it."""
    month = Month.of(period)
    measuring.measure_month(founded, month)
    banking.tell_month(founded, month)
    due = {
        step: (period.last_day + timedelta(days=days)).isoformat()
        for step, days in {"inputs": 3, "prepare": 5, "review": 7, "approve": 9, "disclose": 10}.items()
    }
    open_plan(founded, month, f"{period.first_day.year}年{period.first_day.month}月月度考核", due)
    return month


def open_plan(founded: Founded, month: Month, title: str, due: Mapping[str, str] = NO_CALENDAR) -> None:
    """Make the plan of a period, named like it, and open it."""
    label, contents = month.period.label, CONTENTS[month.period.frequency]
    plan.create(founded.actors["admin"], month, NewPlan(label, title, label, contents, calendar=due))
    move_plan(founded, month, "open")


def leave_in_draft(founded: Founded, period: Period) -> Month:
    """Open the newest month and fill it in only partly: most cards are complete, some lack an item."""
    month = open_month(founded, period)
    rating.rate_month(founded, month, cards_of(period))
    fill(founded, month, cards_of(period), leave_out=4)
    with_evidence.record(founded, month)
    return month


def remind_who_is_late(founded: Founded, month: Month) -> None:
    """Let the administrator remind those whose inputs are late."""
    month.later(days=3)
    remind.remind(founded.actors["admin"], month, month.period.label, "inputs")


def cards_of(period: Period) -> list[Scorecard]:
    """Give the cards of a period as they are now, by number."""
    query = select(Scorecard).where(Scorecard.period == period.label).order_by(Scorecard.number)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def fill(founded: Founded, month: Month, cards: list[Scorecard], *, leave_out: int = 0) -> None:
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

"""The demo organisation after publication: months made final, talks held, agents off post and back."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select

from workflow.lifecycle.action_item import State, Trigger
from workflow.lifecycle.plan import State as PlanState
from workflow.lifecycle.standing import Kind
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.scoring.periods import Period
from workflow.scoring.terms import Absence
from workflow.services.demo import company, talking
from workflow.services.demo.chances import chance_of
from workflow.services.demo.found import BY_PASSWORD, Founded
from workflow.services.demo.moving import Month, move_plan
from workflow.services.following import follow_up
from workflow.services.following.follow_up import NO_OUTCOME, Outcome
from workflow.services.people import give_standing
from workflow.services.people.give_standing import NewStanding
from workflow.services.ranking.absences import absences_of
from workflow.services.scorecards import sign
from workflow.services.scorecards.asking import Asked

DAYS_UNTIL_FINAL: Final = 16
DONE: Final[Mapping[str, str]] = {
    "talk-manager": "已谈话:指出扣分原因,约定下月改进目标,本人认可。",
    "talk-head": "已谈话:连续两个月后三名,明确改进期限,安排师傅带教。",
    "off-post": "待岗通知已送达本人,并报人力资源备案。",
    "reward": "已在月度例会通报表扬,授予当月服务质量流动红旗。",
    "improvement": "已制定改进措施:逐条复盘投诉,责任人与完成日期见纪要。",
    "downgrade": "已按管理办法下调单位考核等级一档,次月起执行。",
    "commend": "已在部门内通报表扬。",
    "promotion": "已列入年度晋升候选名单。",
    "warning": "已约谈并书面警告,本人签收。",
}
"""What was done about each consequence, as its record says; what is not here waits for a decision."""

STEPS: Final[Mapping[str, tuple[str, Outcome]]] = {
    "training": ("参加待岗培训:业务流程、录音复盘、服务规范各两场,全勤。", Outcome(agreed="按期参加上岗考核。")),
    "test": ("笔试与录音测评均达到上岗标准,考核合格。", Outcome(passed=True)),
    "return": ("已返回原班组上岗,首月由师傅带教。", Outcome(agreed="首月每周由班长复盘一次录音。")),
}
"""What came of each step that followed somebody's being off post."""

AWAY: Final[Mapping[Absence, str]] = {Absence.OFF_POST: "当月待岗培训,不参加考核", Absence.LEAVE: "当月请假,不参加考核"}
"""Why the card of somebody who was absent is cancelled."""

TEST, RETURN = "test", "return"
FAILED: Final = ("录音测评未达到上岗标准,考核不合格,再待岗一个月。", Outcome(passed=False))
ONE_FAILS_IN: Final = 6
"""One in so many fails the test after being off post."""

BACK_AFTER: Final = 2
"""How many months after the one that the ranks are of somebody works again."""

LEAVE_IN: Final = 3
ON_LEAVE: Final = ("hotline-1", 6)
"""Who is on leave in March: unit and place in its staff."""

KEPT_ON: Final = "复岗首月尚在带教期,暂不辞退,延长带教一个月再评。"
"""Why older proposals to dismiss somebody were not followed."""

DISMISSED: Final = "当月因长期病假影响绩效,不宜待岗,由班组跟进改进。"
ONE_IN: Final = 7
"""One in so many proposals to take somebody off post is dismissed."""


def make_final(founded: Founded, month: Month) -> None:
    """Make a month final when the time for objections is over, and with it the other plans published so long ago."""
    month.later(days=DAYS_UNTIL_FINAL)
    newest = func.max(Scorecard.published_at)
    query = (
        select(Plan.code)
        .join(Scorecard, Scorecard.plan_id == Plan.id)
        .where(Plan.state == PlanState.PUBLISHED)
        .group_by(Plan.id)
        .having(newest <= month.moment - timedelta(days=DAYS_UNTIL_FINAL))
        .order_by(newest, Plan.id)
    )
    for code in list(db.session.scalars(query)):
        move_plan(founded, month, "finalize", code)


def decide(founded: Founded, month: Month, *, complete: bool) -> None:
    """Bring back who was off post, confirm what the final month led to, and in older months write down what was done."""
    hr = founded.actors["hr"]
    _bring_back(hr, month)
    for item in _proposed(ActionItem.period == month.period.label, ActionItem.code.in_(DONE)):
        if item.code == "off-post" and month.chance.randrange(ONE_IN) == 0:
            _move(hr, month, item, Trigger.DISMISS, DISMISSED)
            continue
        _move(hr, month, item, Trigger.CONFIRM)
        if item.lasts is not None:
            _stand(hr, month, item, Kind.OFF_POST, Period.parse(item.period).next(), "连续三个月后五名,待岗一个月")
        if complete:
            _move(hr, month, item, Trigger.COMPLETE, DONE[item.code], talking.outcome_of(month, item))
            talking.have_read(founded, month, item)
    for item in _proposed(ActionItem.period == month.period.label, ActionItem.code == "dismissal") if complete else ():
        _move(hr, month, item, Trigger.DISMISS, KEPT_ON)


def _bring_back(hr: Actor, month: Month) -> None:
    """Hold the training and the test of earlier months, which all have passed, and put everybody back to work."""
    for code, (said, outcome) in STEPS.items():
        for item in _proposed(ActionItem.period < month.period.label, ActionItem.code == code):
            _move(hr, month, item, Trigger.CONFIRM)
            if code == TEST and chance_of(month.period, item.subject_code, code).randrange(ONE_FAILS_IN) == 0:
                _move(hr, month, item, Trigger.COMPLETE, *FAILED)
                continue
            _move(hr, month, item, Trigger.COMPLETE, said, outcome)
            if code == RETURN:
                _stand(hr, month, item, Kind.ON_POST, Period.parse(item.period).next(BACK_AFTER), "待岗期满,考核合格")


def _stand(hr: Actor, month: Month, item: ActionItem, kind: Kind, period: Period, reason: str) -> None:
    """Enter the standing that an item has led to: off post for a month, on post from a month on."""
    ends_on = None if kind is Kind.ON_POST else period.last_day
    standing = NewStanding(item.subject_code, kind, period.first_day, ends_on, reason, action=item.id)
    give_standing.give_standing(hr, month, standing)


def grant_leave(founded: Founded, month: Month) -> None:
    """Enter the month's leave of one person in March."""
    if month.period.first_day.month == LEAVE_IN:
        code = company.staff()[ON_LEAVE[0]][ON_LEAVE[1]][0]
        days = (month.period.first_day, month.period.last_day)
        give_standing.give_standing(
            founded.actors["hr"], month, NewStanding(code, Kind.LEAVE, *days, "产假,按规定不参加当月考核")
        )


def send_away(founded: Founded, month: Month, cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Cancel the cards of those who are off post or on leave in the month; gives the others'."""
    found = list(cards)
    away = absences_of(month.period, found)
    for card in found:
        if card.id in away:
            asked = Asked("void", BY_PASSWORD, AWAY[away[card.id]])
            sign.move(founded.actors["admin"], month, card.id, asked, seen_version=card.version)
    return [card for card in found if card.id not in away]


def _proposed(*narrowed: ColumnElement[bool]) -> list[ActionItem]:
    query = select(ActionItem).where(ActionItem.state == State.PROPOSED, *narrowed)
    return list(db.session.scalars(query.order_by(ActionItem.id)))


def _move(
    actor: Actor,
    month: Month,
    item: ActionItem,
    trigger: Trigger,
    reason: str | None = None,
    outcome: Outcome = NO_OUTCOME,
) -> None:
    follow_up.move(actor, month, item.id, trigger, seen_version=item.version, reason=reason, outcome=outcome)

"""The demo organisation after publication: months made final, talks held, agents off post and back."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, select

from workflow.lifecycle.action_item import State, Trigger
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.policy import Actor
from workflow.services import follow_up, sign
from workflow.services.absences import absences_of
from workflow.services.asking import Asked
from workflow.services.demo.found import BY_PASSWORD, Founded
from workflow.services.demo.moving import Month, move_plan
from workflow.services.follow_up import NO_OUTCOME, Outcome

DAYS_UNTIL_FINAL: Final = 16
DONE: Final[Mapping[str, str]] = {
    "talk-manager": "已谈话:指出扣分原因,约定下月改进目标,本人认可。",
    "talk-head": "已谈话:连续两个月后三名,明确改进期限,安排师傅带教。",
    "off-post": "待岗通知已送达本人,并报人力资源备案。",
}
"""What was done about each consequence, as its record says; what is not here waits for a decision."""

STEPS: Final[Mapping[str, tuple[str, Outcome]]] = {
    "training": ("参加待岗培训:业务流程、录音复盘、服务规范各两场,全勤。", Outcome(agreed="按期参加上岗考核。")),
    "test": ("笔试与录音测评均达到上岗标准,考核合格。", Outcome(passed=True)),
    "return": ("已返回原班组上岗,首月由师傅带教。", Outcome(agreed="首月每周由班长复盘一次录音。")),
}
"""What came of each step that followed somebody's being off post."""

DISMISSED: Final = "当月因长期病假影响绩效,不宜待岗,由班组跟进改进。"
ONE_IN: Final = 7
"""One in so many proposals to take somebody off post is dismissed."""


def make_final(founded: Founded, month: Month) -> None:
    """Make a published month final when the time for objections is over."""
    month.later(days=DAYS_UNTIL_FINAL)
    move_plan(founded, month, "finalize")


def decide(founded: Founded, month: Month, *, complete: bool) -> None:
    """Bring back who was off post, confirm what the final month led to, and in older months write down what was done."""
    hr = founded.actors["hr"]
    _bring_back(hr, month)
    for item in _proposed(ActionItem.period == month.period.label, ActionItem.code.in_(DONE)):
        if item.code == "off-post" and month.chance.randrange(ONE_IN) == 0:
            _move(hr, month, item, Trigger.DISMISS, DISMISSED)
            continue
        _move(hr, month, item, Trigger.CONFIRM)
        if complete:
            _move(hr, month, item, Trigger.COMPLETE, DONE[item.code])


def _bring_back(hr: Actor, month: Month) -> None:
    """Hold the training and the test of earlier months, which all have passed, and put everybody back to work."""
    for code, (said, outcome) in STEPS.items():
        for item in _proposed(ActionItem.period < month.period.label, ActionItem.code == code):
            _move(hr, month, item, Trigger.CONFIRM)
            _move(hr, month, item, Trigger.COMPLETE, said, outcome)


def send_away(founded: Founded, month: Month, cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Cancel the cards of those who are off post in the month; gives the others'."""
    found = list(cards)
    away = absences_of(month.period, found)
    for card in found:
        if card.id in away:
            asked = Asked("void", BY_PASSWORD, "当月待岗培训,不参加考核")
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

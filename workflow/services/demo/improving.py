"""The demo organisation's improvement plans: one that helped, one that did not, and one that is overdue."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.improvements import Improvement, MeasuredBy
from workflow.services.demo import company
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.following import improve
from workflow.services.following.improve import NewImprovement

ON_TIME: Final[Mapping[str, tuple[str, str, str]]] = {
    "growth": (
        "新增客户偏少,网点转介不足。",
        "与三家网点约定每周转介名单,专人跟进。",
        "转介名单带来的客户占新增一半,措施有效。",
    ),
    "complaint-satisfaction": (
        "投诉处理后的回访不及时。",
        "三个工作日内回访,由主管抽听。",
        "回访已按时完成而满意度未升,须从处理时限入手。",
    ),
}
"""The indicators of 客户部 whose plans are carried out in time: the problem, what is done, and what is said of it at the end."""

OVERDUE: Final = ("credit-card", 7)
"""Whose plan is overdue: unit and place in its staff."""


def begin(founded: Founded, month: Month) -> None:
    """Agree on three plans in the month after the one that shows the problems, and carry two of them out."""
    for item, (problem, measures, _) in ON_TIME.items():
        new = NewImprovement(
            "customer", item, problem, measures, _head(), _due(month), measured_by=MeasuredBy.MEASUREMENT
        )
        _move(founded, month, _agreed(founded, month, new).id, "finish", "措施已全部落实。")
    unit, place = OVERDUE
    code = company.staff()[unit][place][0]
    late = NewImprovement(code, "quality", "身份要素核对不全。", "每周复听两通录音。", _head(), _due(month))
    _move(founded, month, _agreed(founded, month, late).id, "note", "已复听四通,两通仍有遗漏。")


def judge(founded: Founded, month: Month) -> None:
    """Judge the plans that were carried out, once the month after them is measured."""
    done = select(Improvement).where(Improvement.item_code.in_(ON_TIME)).order_by(Improvement.id)
    for plan in list(db.session.scalars(done)):
        _move(founded, month, plan.id, "evaluate", ON_TIME[plan.item_code][2])


def _agreed(founded: Founded, month: Month, new: NewImprovement) -> Improvement:
    plan = improve.propose(founded.actors["admin"], month, new, today=month().date())
    for trigger in ("agree", "start"):
        _move(founded, month, plan.id, trigger)
    return plan


def _move(founded: Founded, month: Month, plan_id: int, trigger: str, reason: str | None = None) -> None:
    plan = db.session.get_one(Improvement, plan_id)
    improve.move(founded.actors["hr"], month, plan.id, trigger, seen_version=plan.version, reason=reason)


def _head() -> str:
    return company.staff()["customer"][0][0]


def _due(month: Month) -> date:
    return month.period.next().last_day

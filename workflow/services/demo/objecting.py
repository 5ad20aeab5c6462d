"""The demo organisation's questions and appeals: one answered, one rejected twice, one question that waits."""

from typing import Final

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.objections import Objection
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.scoring.periods import Period
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.objections import handle_objections
from workflow.services.objections.handle_objections import NewObjection

COMMITTEE: Final = ("admin-2", "approver-2", "admin")


def object_to_month(founded: Founded, month: Month) -> None:
    """Let an agent ask and another appeal in the days after publication; a committee confirms the rejection."""
    month.later(hours=3)
    asked = _submit(founded, month, "employee", NewObjection("query", "请问品质监控的得分依据哪几次抽检?", "quality"))
    appealed = _submit(founded, month, "other-employee", NewObjection("appeal", "本月系统故障两天,合计分数请复核。"))
    month.later(hours=5)
    _move(founded, month, asked, "preparer", "answer", "依据当月全部抽检,录音编号已列在台账,可到质检室收听。")
    _move(founded, month, asked, "employee", "close")
    _move(founded, month, appealed, "reviewer-2", "accept")
    month.later(days=1)
    _move(founded, month, appealed, "reviewer-2", "reject", "故障时段的数据已按规定剔除,维持原评分。")
    _move(founded, month, appealed, "other-employee", "escalate", "剔除的时段少了一个上午,请再核。")
    month.later(hours=4)
    handle_objections.name_committee(
        founded.actors["admin-2"], month, appealed.id, COMMITTEE, seen_version=appealed.version
    )
    for username in COMMITTEE[:2]:
        _move(founded, month, appealed, username, "reject", "已核对系统日志,剔除时段完整,原决定成立。")


def ask(founded: Founded, month: Month, published: Period) -> None:
    """Let an agent ask about an earlier month; the question waits for its answer."""
    text = "现场管理为何扣分?当天已请假。"
    handle_objections.submit(
        founded.actors["employee"],
        month,
        _card_of(founded, "employee", published),
        NewObjection("query", text, "floor"),
    )


def _submit(founded: Founded, month: Month, username: str, new: NewObjection) -> Objection:
    card_id = _card_of(founded, username, month.period)
    return handle_objections.submit(founded.actors[username], month, card_id, new)


def _move(
    founded: Founded, month: Month, objection: Objection, username: str, trigger: str, reason: str | None = None
) -> None:
    handle_objections.move(
        founded.actors[username], month, objection.id, trigger, seen_version=objection.version, reason=reason
    )


def _card_of(founded: Founded, username: str, period: Period) -> int:
    query = select(Scorecard.id).where(
        Scorecard.appraised_person_id == founded.actors[username].person_id,
        Scorecard.period == period.label,
        Scorecard.state == State.PUBLISHED,
    )
    return db.session.scalars(query).one()

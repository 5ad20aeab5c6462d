"""The demo organisation's talks: held by who has to, written down, read by the person where they have an account."""

from typing import Final

from sqlalchemy import select

from workflow.lifecycle.interview import Trigger
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.interviews import Interview
from workflow.models.organisation import Person
from workflow.policy import Actor
from workflow.scoring.terms import ActionKind
from workflow.services.demo.chances import chance_of
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.following import interviews
from workflow.services.following.follow_up import NO_OUTCOME, Outcome
from workflow.services.following.interviews import Held

PLACE: Final = "业务服务室会谈室"
AGREED: Final = "次月扣分减半;每周复听两通录音,由班组长签字。"
COMMENT: Final = "情况属实,次月改进。"
ON_PAPER: Final = "本人已在纸质记录上签字,未在系统中标记。"
CORRECTION: Final = "约定的复听次数应为每周三通。"
HOURS: Final = range(8, 11)


def outcome_of(month: Month, item: ActionItem) -> Outcome:
    """Say how a talk was held and what was agreed; of anything else nothing."""
    if item.kind != ActionKind.TALK:
        return NO_OUTCOME
    by = db.session.scalar(select(Person.code).where(Person.id == item.owner_id))
    held = Held(PLACE, f"{chance_of(month.period, item.subject_code, item.code).choice(HOURS):02d}:30", by, "班组长")
    return Outcome(agreed=AGREED, interview=held)


def have_read(founded: Founded, month: Month, item: ActionItem) -> None:
    """Let the person read the record of a talk; who has no account has signed it on paper. The first is corrected after that."""
    found = db.session.scalar(select(Interview).where(Interview.action_item_id == item.id))
    if found is None:
        return
    employee, hr = founded.actors["employee"], founded.actors["hr"]
    if found.person_id == employee.person_id:
        _move(employee, month, found, Trigger.ACKNOWLEDGE, COMMENT)
        return
    _move(hr, month, found, Trigger.DECLINE, ON_PAPER)
    if db.session.scalar(select(Interview.id).order_by(Interview.id).limit(1)) == found.id:
        _move(hr, month, found, Trigger.CORRECT, CORRECTION)
        _move(hr, month, found, Trigger.DECLINE, ON_PAPER)


def _move(actor: Actor, month: Month, found: Interview, trigger: Trigger, said: str) -> None:
    interviews.move(actor, month, found.id, trigger, seen_version=found.version, reason=said)

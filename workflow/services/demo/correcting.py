"""The demo organisation's corrections: an appeal that is upheld before its month is final, and a card corrected after that."""

from typing import Final

from sqlalchemy import select

from workflow.models.card_queries import adjustments_of
from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.services.demo import company
from workflow.services.demo.found import BY_PASSWORD, Founded
from workflow.services.demo.moving import Month
from workflow.services.demo.with_evidence import ITEM, REASON
from workflow.services.objections import handle_objections
from workflow.services.objections.handle_objections import NewObjection
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.asking import Asked

WAY: Final = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))
"""Who signs and publishes a revision, in turn."""

APPEAL: Final = "抽检的那通电话由系统自动播报了转接原因,请复听录音。"
UPHELD: Final = "复听录音,转接原因确由系统播报,扣分予以更正。"
OVERLOOKED: Final = ("credit-card", 3)
"""Whose praise was overlooked: unit and place in its staff."""

PRAISE: Final = {"points": "2", "reason": "漏计的客户书面表扬"}
FOUND_LATER: Final = "定案后收到客户书面表扬,应予补计"


def uphold_one(founded: Founded, month: Month) -> None:
    """Let an agent appeal in the days after publication; it is upheld, and the revision published without the deduction."""
    employee, handler = founded.actors["employee"], founded.actors["reviewer-2"]
    code = company.staff()["credit-card"][2][0]
    month.later(hours=3)
    made = handle_objections.submit(employee, month, _newest(month, code).id, NewObjection("appeal", APPEAL, ITEM))
    handle_objections.move(handler, month, made.id, "accept", seen_version=made.version)
    month.later(days=1)
    handle_objections.move(handler, month, made.id, "uphold", seen_version=made.version, reason=UPHELD)
    card = _newest(month, code)
    wrong = next(each for each in adjustments_of([card.id]) if each.reason == REASON)
    appraise.void_adjustment(
        founded.actors["preparer"], month, card.id, ITEM, wrong.number, UPHELD, seen_version=card.version
    )
    _publish(founded, month, code)


def correct_one(founded: Founded, month: Month) -> None:
    """Correct a card of a month that is final: its ranking gets a new version, and what was paid a difference."""
    unit, place = OVERLOOKED
    code = company.staff()[unit][place][0]
    month.later(days=1)
    old = _newest(month, code)
    asked = Asked("revise", BY_PASSWORD, FOUND_LATER)
    sign.move(founded.actors["admin"], month, old.id, asked, seen_version=old.version)
    card, entry = _newest(month, code), {**PRAISE, "on": month.period.last_day.isoformat()}
    appraise.add_adjustment(
        founded.actors["preparer"], month, card.id, "satisfaction", entry, seen_version=card.version
    )
    _publish(founded, month, code)


def _publish(founded: Founded, month: Month, code: str) -> None:
    for username, trigger in WAY:
        month.later(hours=2)
        card = _newest(month, code)
        sign.move(founded.actors[username], month, card.id, Asked(trigger, BY_PASSWORD), seen_version=card.version)


def _newest(month: Month, code: str) -> Scorecard:
    """Give the newest revision of somebody's card of the month."""
    query = select(Scorecard).where(Scorecard.period == month.period.label, Scorecard.subject_code == code)
    found = db.session.scalars(query.order_by(Scorecard.revision.desc()).execution_options(populate_existing=True))
    return next(iter(found))

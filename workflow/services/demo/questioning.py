"""A reviewer's question about a card of the demo organisation, answered by its preparer without a return."""

from typing import Final

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.policy import State
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.demo.with_evidence import ITEM
from workflow.services.scorecards import ask_question

ASKED: Final = "抽检单上的通话时长与系统不符,请核对录音编号。"
ANSWERED: Final = "已核对,抽检单抄写有误,录音编号与扣分无误。"


def ask_and_answer(founded: Founded, month: Month) -> None:
    """Let the reviewer ask about an item, and the preparer answer, while the agent's card waits for its review."""
    card = db.session.scalar(
        select(Scorecard).where(
            Scorecard.period == month.period.label,
            Scorecard.appraised_person_id == founded.actors["employee"].person_id,
            Scorecard.state == State.PREPARED,
        )
    )
    if card is None:
        return
    asked = ask_question.ask(founded.actors["reviewer"], month, card.id, ASKED, ITEM)
    month.later(hours=1)
    ask_question.move(founded.actors["preparer"], month, asked.id, "answer", seen_version=asked.version, text=ANSWERED)

"""An entry in the demo's ledger that a file of evidence proves, and a question about it that is answered."""

from typing import Final

from sqlalchemy import select

from workflow.lifecycle.ledger_entry import Trigger
from workflow.models.database import db
from workflow.models.ledger import LedgerEntry
from workflow.services.demo import company
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.recorders import evidence, ledger
from workflow.services.recorders.ledger import NewEntry

DAY: Final = 12
ITEM: Final = "quality"
PLACE: Final = ("credit-card", 2)
"""Whose entry it is: the person of the account `employee`, by unit and place in its staff."""

REASON: Final = "转接前未告知客户原因"
SHEET: Final = """质检抽检单 QC-{period}-07
抽检日期:{on}
被检人:{code} {name}
通话开始:14:05:32    时长:6 分 18 秒
扣分项:第 3 项,转接前未告知客户原因
质检员意见:其余各项规范,语速适中。
"""


def record(founded: Founded, month: Month) -> None:
    """Deduct a point for a call that was checked; the sheet of the check is the evidence."""
    unit, place = PLACE
    code, name = company.staff()[unit][place]
    on = month.period.first_day.replace(day=DAY)
    sheet = SHEET.format(period=month.period.label, on=on, code=code, name=name)
    recorder = founded.actors["recorder"]
    file = evidence.add(recorder, month, f"质检抽检单-{on:%Y%m%d}.txt", sheet.encode())
    told = {"on": on.isoformat(), "points": "-1", "reason": REASON, "evidence": [file.hash]}
    ledger.record(recorder, month, NewEntry(code, ITEM, told), today=month().date())


def question(founded: Founded, month: Month) -> None:
    """Let the agent ask about the published month's entry, and the recorder answer."""
    asked = "当时系统提示已自动播报转接原因,还需要人工告知吗?"
    _move(founded, month, "employee", Trigger.QUESTION, asked)
    month.later(hours=4)
    answered = "自动播报从下月起启用;当月仍须人工告知,见质检规范第 3 项。"
    _move(founded, month, "recorder", Trigger.ANSWER, answered)


def _move(founded: Founded, month: Month, username: str, trigger: Trigger, reason: str) -> None:
    query = select(LedgerEntry).where(
        LedgerEntry.person_id == founded.actors["employee"].person_id,
        LedgerEntry.happened_on == month.period.first_day.replace(day=DAY),
        LedgerEntry.evidence != [],
        LedgerEntry.item_code == ITEM,
    )
    entry = next(each for each in db.session.scalars(query) if each.reason == REASON)
    ledger.move(
        founded.actors[username], month, entry.id, trigger, at_once=False, seen_version=entry.version, reason=reason
    )

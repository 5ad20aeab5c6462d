"""What a confirmed consequence goes on with, one step after the other: training, test, return.

Each step is proposed when the one before is settled, and waits for a person like everything that is proposed. A failed
test proposes the consequence again, for as many further periods as the scheme says (source: 95595 method, ch. 1 § 6;
what failing leads to is the scheme's assumption).
"""

from datetime import date
from typing import Any

from workflow.lifecycle.action_item import State
from workflow.models.actions import ActionItem
from workflow.models.database import db
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import Role
from workflow.scoring.periods import Period
from workflow.scoring.terms import Step
from workflow.services import working_days
from workflow.services.following.owners import Owners
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.unit_of_work import Work
from workflow.services.working_days import DAYS_TO_ACT, USUAL


def go_on(work: Work, item: ActionItem) -> None:
    """Propose what the newest move of an action item leads to, if it leads to anything."""
    head = _head_of(item)
    if head is item:
        if item.state == State.CONFIRMED:
            _propose_next(work, head, item)
        return
    if item.passed is False:
        _prolong(work, head, item)
    elif item.state in {State.DONE, State.DISMISSED}:
        _propose_next(work, head, item)


def steps_of(item: ActionItem) -> tuple[Step, ...]:
    """Give the steps that the scheme lets follow a consequence."""
    card = db.session.get_one(Scorecard, item.scorecard_id)
    consequences = {each.code: each for each in scorer_of(card.scheme_version_id).scheme.consequences}
    return consequences[item.code].then if item.code in consequences else ()


def _head_of(item: ActionItem) -> ActionItem:
    """Give the consequence that a step belongs to; a consequence, or its prolongation, is its own."""
    if item.follows_id is None or item.lasts is not None:
        return item
    return db.session.get_one(ActionItem, item.follows_id)


def _propose_next(work: Work, head: ActionItem, settled: ActionItem) -> None:
    steps = steps_of(head)
    codes = [step.code for step in steps]
    at = codes.index(settled.code) + 1 if settled is not head else 0
    if at < len(steps):
        step = steps[at]
        said = {"code": step.code, "title": step.title, "kind": step.kind, "period": head.period}
        _propose(work, head, step.by, follows_id=head.id, **said)


def _prolong(work: Work, head: ActionItem, test: ActionItem) -> None:
    """Propose the consequence again for the periods after those that it has lasted."""
    failed = next(step.failed for step in steps_of(head) if step.code == test.code)
    said = {name: getattr(head, name) for name in ("code", "title", "kind", "bonus")}
    _propose(work, head, head.function, follows_id=test.id, period=_last_period(head).label, lasts=failed, **said)


def _propose(work: Work, head: ActionItem, function: str, **said: Any) -> None:
    same = ("plan_id", "scorecard_id", "person_id", "unit_id", "evidence")
    subject = ("subject_kind", "subject_id", "subject_code", "subject_name")
    today = USUAL.day_of(work.now)
    owner = Owners(today, {function}).of(head.unit_id, head.person_id, function)
    item = ActionItem(
        id=new_id(),
        **{name: getattr(head, name) for name in (*same, *subject)},
        function=function,
        owner_id=owner,
        due_on=_due_on(head, today),
        **said,
    )
    work.create(item, "action.propose", role=Role.ADMINISTRATOR)


def _due_on(head: ActionItem, today: date) -> date:
    """Give the last day of the consequence if that lies ahead, else as many working days as anything proposed has."""
    ends_on = _last_period(head).last_day
    return ends_on if ends_on > today else working_days.after(today, DAYS_TO_ACT)


def _last_period(head: ActionItem) -> Period:
    """Give the last period in which a consequence holds."""
    return Period.parse(head.period).next(head.lasts or 0)

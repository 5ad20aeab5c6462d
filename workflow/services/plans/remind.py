"""Reminding 催办: whoever runs a plan tells those who hold late work, at most once a person, step and day."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from workflow.errors import FieldError, Reason, invalid, refuse
from workflow.lifecycle import plan as lifecycle
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.plans import Plan
from workflow.models.reminders import Reminder
from workflow.policy import Actor, Role
from workflow.services.clock import Clock
from workflow.services.plans.late_work import LatePerson, LateWork, late_in
from workflow.services.plans.plan import ONE_OF, STEPS, facts_of, find_plan
from workflow.services.scorecards import cards
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.services.working_days import USUAL, Terms

SHOWN_FOR = timedelta(days=7)
"""How long a reminder is shown with the work that it is about."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who has been reminded of a step of a plan."""

    plan: str
    step: str
    people: tuple[LatePerson, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """The last reminder of a step of a plan that the reader has got."""

    day: date
    by: str


def late_work(actor: Actor, code: str, today: date) -> tuple[LateWork, ...]:
    """Give what is late in a plan; raises Refusal for who does not run it."""
    plan = find_plan(code)
    cards.check(lifecycle.forbidden(actor, facts_of(plan)))
    return late_in(plan, today, actor)


def remind(
    actor: Actor, clock: Clock, code: str, step: str, kept: Kept | None = None, terms: Terms = USUAL
) -> Reminded:
    """Remind those who are late with a step and have not been reminded today; raises Refusal where there is nobody."""
    with unit_of_work(actor, clock, kept) as work:
        plan = find_plan(code, lock=True)
        cards.check(lifecycle.forbidden(actor, facts_of(plan)))
        if step not in STEPS:
            raise invalid(FieldError("step", ONE_OF, {"choices": "、".join(STEPS)}))
        today = terms.day_of(work.now)
        late = {
            person.account_id: person
            for each in late_in(plan, today, actor)
            if each.step == step
            for person in each.people
        }
        if not late:
            raise refuse(Reason.NOBODY_LATE)
        people = tuple(person for person in late.values() if person.reminded_on != today)
        if not people:
            raise refuse(Reason.REMINDED_TODAY)
        for person in people:
            row = Reminder(
                plan_id=plan.id, step=step, account_id=person.account_id, day=today, sent_by=actor.account_id
            )
            work.create(row, "reminder.remind", role=Role.ADMINISTRATOR)
        reminded = Reminded(plan.code, step, people)
        work.finish(reminded)
        return reminded


def notices_for(actor: Actor, today: date) -> dict[tuple[str, str], Notice]:
    """Give the newest reminders that the reader got in the last days, by plan and step, in one query."""
    sender = aliased(Account)
    query = (
        select(Plan.code, Reminder.step, Reminder.day, sender.name)
        .join(Plan, Plan.id == Reminder.plan_id)
        .join(sender, sender.id == Reminder.sent_by)
        .where(Reminder.account_id == actor.account_id, Reminder.day >= today - SHOWN_FOR)
        .order_by(Reminder.day)
    )
    return {(plan, step): Notice(day, name) for plan, step, day, name in db.session.execute(query)}

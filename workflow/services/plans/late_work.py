"""Who is late in a plan: each step of its calendar with the units whose cards still wait for it, and who holds that work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from workflow.lifecycle import plan as lifecycle
from workflow.models.accounts import Account, RoleGrant
from workflow.models.database import db
from workflow.models.dated import in_force
from workflow.models.delegations import Delegation, acts_on
from workflow.models.organisation import Unit
from workflow.models.plans import Plan
from workflow.models.ratings import Rating
from workflow.models.reminders import Reminder
from workflow.models.scorecards import Scorecard
from workflow.policy import COMPANY, Actor, Role, State
from workflow.services.plans.plan import INPUTS
from workflow.services.raters.look_up_my_ratings import still_open
from workflow.services.raters.look_up_ratings import not_about
from workflow.services.recorders import recording

STEP_OF: Final[Mapping[State, str]] = {
    State.DRAFT: "prepare",
    State.PREPARED: "review",
    State.REVIEWED: "approve",
    State.APPROVED: "disclose",
}
"""The step for which a card in this state waits."""

HELD_BY: Final[Mapping[str, Role]] = {
    "prepare": Role.PREPARER,
    "review": Role.REVIEWER,
    "approve": Role.APPROVER,
    "disclose": Role.ADMINISTRATOR,
    "object": Role.ADMINISTRATOR,
    "finalize": Role.ADMINISTRATOR,
    "payroll": Role.ADMINISTRATOR,
}
"""The role that does the work of a step."""

OF_THE_PLAN: Final = ("finalize", "payroll")
"""The steps that are done for the whole plan at once, when it is made final."""

CARDS, VALUES, RATINGS = "cards", "values", "ratings"
"""What may be late: cards that wait for a step, values that a recorder owes, ratings that a rater owes."""

_Delegate = aliased(Account)


@dataclass(frozen=True, slots=True)
class LatePerson:
    """Somebody who holds late work, for whom as a delegate, and when they were last reminded of it."""

    account_id: int
    username: str
    name: str
    on_behalf_of: str | None = None
    reminded_on: date | None = None


@dataclass(frozen=True, slots=True)
class LateWork:
    """What is late in one step and unit (none: in the whole plan), and in whose hands it is; nobody's are possible.

    `of` says what is counted: cards, values that recorders owe, or ratings (never of whom).
    """

    step: str
    due: date
    unit: str | None
    unit_name: str | None
    count: int
    people: tuple[LatePerson, ...]
    of: str = CARDS


@dataclass(frozen=True, slots=True)
class _Holding:
    role: Role
    path: str
    person: LatePerson


def late_in(plan: Plan, today: date, reader: Actor) -> tuple[LateWork, ...]:
    """Give what is late in a plan today, by step and unit, in a fixed number of queries; no ratings of the reader."""
    due = {step: date.fromisoformat(day) for step, day in plan.calendar.items()}
    late = {step for step, day in due.items() if day < today}
    found = [
        *_late_inputs(plan, today),
        *_late_ratings(plan, today, reader),
        *_late_cards(plan, today, late, due),
        *_late_plan(plan, today, late, due),
    ]
    reminded = _reminded(plan)
    return tuple(
        replace(
            each,
            people=tuple(
                replace(person, reminded_on=reminded.get((each.step, person.account_id))) for person in each.people
            ),
        )
        for each in found
    )


def _late_inputs(plan: Plan, today: date) -> list[LateWork]:
    """Give the recorders who are late, each with the earliest due date and the number of values that are missing."""
    if plan.state not in lifecycle.TAKES_SUBJECTS:
        return []
    duties = [duty for duty in recording.duties_of_plan(plan.id, today) if duty.late and duty.due is not None]
    names = {duty.recorder for duty in duties}
    accounts = {each.username: each for each in db.session.scalars(select(Account).where(Account.username.in_(names)))}
    found = []
    for username, account in accounts.items():
        owed = [duty for duty in duties if duty.recorder == username]
        first = min(duty.due for duty in owed if duty.due is not None)
        person = LatePerson(account.id, account.username, account.name)
        found.append(LateWork(INPUTS, first, None, None, sum(duty.missing for duty in owed), (person,), of=VALUES))
    return found


def _late_ratings(plan: Plan, today: date, reader: Actor) -> list[LateWork]:
    """Give the raters who are late, each with the earliest due date and how many ratings they still owe."""
    columns = (Account.id, Account.username, Account.name)
    query = (
        select(*columns, func.count(), func.min(Rating.due_on))
        .select_from(Rating)
        .join(Account, Account.person_id == Rating.rater_id)
        .where(Rating.plan_id == plan.id, Rating.due_on < today, *still_open(), not_about(reader))
        .where(Account.disabled.is_(False))
        .group_by(*columns)
        .order_by(Account.name, Account.id)
    )
    return [
        LateWork(INPUTS, due, None, None, count, (LatePerson(account_id, username, name),), of=RATINGS)
        for account_id, username, name, count, due in db.session.execute(query)
        if due is not None
    ]


def _late_cards(plan: Plan, today: date, late: set[str], due: Mapping[str, date]) -> list[LateWork]:
    """Give the units with cards that wait for a step whose day is over."""
    states = [state for state, step in STEP_OF.items() if step in late]
    if plan.state not in lifecycle.TAKES_SUBJECTS or not states:
        return []
    query = (
        select(Scorecard.state, Unit, func.count())
        .join(Unit, Unit.id == Scorecard.unit_id)
        .where(Scorecard.plan_id == plan.id, Scorecard.state.in_(states))
        .group_by(Scorecard.state, Unit.id)
        .order_by(Unit.code)
    )
    rows = db.session.execute(query).all()
    holdings = _holdings({HELD_BY[STEP_OF[state]] for state in states}, today)
    found = [
        LateWork(step, due[step], unit.code, unit.title, count, _holders(holdings, HELD_BY[step], unit.path))
        for state, unit, count in rows
        for step in (STEP_OF[State(state)],)
    ]
    order = list(STEP_OF.values())
    return sorted(found, key=lambda each: order.index(each.step))


def _late_plan(plan: Plan, today: date, late: set[str], due: Mapping[str, date]) -> list[LateWork]:
    """Give the steps of the whole plan that are late: publishing is over, and it is not final yet."""
    steps = [step for step in OF_THE_PLAN if step in late]
    if plan.state != lifecycle.State.PUBLISHED or not steps:
        return []
    holdings = _holdings({HELD_BY[step] for step in steps}, today)
    return [LateWork(step, due[step], None, None, 1, _holders(holdings, HELD_BY[step], COMPANY)) for step in steps]


def _holdings(roles: set[Role], today: date) -> list[_Holding]:
    """Give who holds these roles today, by name; in place of who has a delegate today the delegate."""
    query = (
        select(RoleGrant.role, Unit.path, Account, _Delegate)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .outerjoin(Delegation, and_(Delegation.grant_id == RoleGrant.id, acts_on(today)))
        .outerjoin(_Delegate, _Delegate.id == Delegation.delegate_id)
        .where(RoleGrant.role.in_(sorted(roles)), in_force(RoleGrant, today), Account.disabled.is_(False))
        .order_by(Account.name, Account.id)
    )
    return [
        _Holding(Role(role), path or COMPANY, _person(account, delegate))
        for role, path, account, delegate in db.session.execute(query)
    ]


def _person(account: Account, delegate: Account | None) -> LatePerson:
    if delegate is None:
        return LatePerson(account.id, account.username, account.name)
    return LatePerson(delegate.id, delegate.username, delegate.name, account.name)


def _holders(holdings: list[_Holding], role: Role, path: str) -> tuple[LatePerson, ...]:
    found = {
        each.person.account_id: each.person for each in holdings if each.role is role and path.startswith(each.path)
    }
    return tuple(found.values())


def _reminded(plan: Plan) -> dict[tuple[str, int], date]:
    """Give the last day on which somebody was reminded of a step."""
    query = select(Reminder.step, Reminder.account_id, func.max(Reminder.day)).where(Reminder.plan_id == plan.id)
    rows = db.session.execute(query.group_by(Reminder.step, Reminder.account_id))
    return {(step, account_id): day for step, account_id, day in rows}

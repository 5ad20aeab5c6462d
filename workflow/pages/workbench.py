"""工作台: what to do now, how the plans under way stand, and one's own newest score."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle import plan as plan_lifecycle
from workflow.models.schemes import SchemeVersion
from workflow.pages import shell
from workflow.pages.presenting import card_row
from workflow.pages.views.mine import PlanProgress, Task, WorkbenchPage
from workflow.pages.views.shell import Area
from workflow.policy import Actor, State, Trigger
from workflow.services.following import look_up_interviews
from workflow.services.objections import look_up_objections
from workflow.services.paging import PageAsked
from workflow.services.plans import look_up_plans, remind
from workflow.services.plans.look_up_plans import PlanSummary, PlansWanted
from workflow.services.plans.plan import INPUTS
from workflow.services.plans.remind import Notice
from workflow.services.raters import look_up_my_ratings, look_up_ratings
from workflow.services.raters.look_up_my_ratings import OpenRatings
from workflow.services.recorders import recording
from workflow.services.recorders.recording import Duty
from workflow.services.reporting import look_up_reports
from workflow.services.reporting.look_up_reports import ReportRow
from workflow.services.schemes import look_up_schemes
from workflow.services.scorecards import look_up_inbox, look_up_mine, look_up_questions
from workflow.services.scorecards.look_up_inbox import Waiting
from workflow.services.scorecards.look_up_mine import MyScore

PLANS_SHOWN = 5
KINDS: Mapping[Trigger, str] = {
    Trigger.REVIEW: "review",
    Trigger.APPROVE: "approve",
    Trigger.PUBLISH: "publish",
}
DUE_STEPS: Mapping[str, str] = {
    "record": INPUTS,
    "rate": INPUTS,
    "fill": "prepare",
    "sign_prepare": "prepare",
    "returned": "prepare",
    "review": "review",
    "approve": "approve",
    "publish": "disclose",
}
OWN_AREAS = frozenset({Area.WORKBENCH, Area.ME, Area.OBJECTIONS, Area.RATINGS, Area.REPORT})
"""The areas of whoever has no work here but to rate others."""

UNDER_WAY = (plan_lifecycle.State.OPEN, plan_lifecycle.State.CLOSING)

blueprint = shell.area("workbench")


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Show the reader's work; who only looks at their own score goes straight there."""
    actor = web.actor()
    areas = shell.areas_of(actor)
    if Area.ME in areas and areas <= OWN_AREAS and not shell.burden(actor).to_give:
        return redirect(url_for("me.show"))
    today = web.clock()().astimezone(web.settings().timezone).date()
    mine = look_up_mine.my_score(actor) if actor.person_id is not None else None
    page = WorkbenchPage(
        today=today,
        tasks=(*_unread(mine), *_tasks(actor, today)),
        plans=_plans(actor, today) if Area.PLANS in areas else (),
        my_card=card_row(mine.mine.card, change=mine.change) if mine else None,
    )
    return render_template("workbench.html", page=page)


def _unread(mine: MyScore | None) -> Iterator[Task]:
    """Show that the reader's own newest score is not marked read 已阅 yet."""
    if mine is not None and mine.mine.acknowledged_at is None:
        card = mine.mine.card
        yield Task("unread", 1, card.plan, card.plan_title, period=card.period)


def _tasks(actor: Actor, today: date) -> tuple[Task, ...]:
    """Show what waits by plan, unit and kind of work, in the order in which it came, what is owed, then all else to handle."""
    cards = (_task(each, today) for each in look_up_inbox.waiting_by_unit(actor))
    owed = (_owed(each) for each in recording.my_duties(actor, today))
    schemes = (_scheme_task(version, trigger) for version, trigger in look_up_schemes.waiting_for(actor))
    notices = remind.notices_for(actor, today)
    with_notices = (_with_notice(task, notices) for task in (*cards, *owed, *_rating_tasks(actor, today)))
    reports = (_report_task(row, trigger) for row, trigger in look_up_reports.waiting_for(actor))
    return (
        *with_notices,
        *_question_tasks(actor),
        *_objection_tasks(actor, today),
        *_interview_tasks(actor),
        *reports,
        *schemes,
        *_owed_ratings(actor, today),
    )


def _interview_tasks(actor: Actor) -> Iterator[Task]:
    unread = look_up_interviews.count_unread(actor)
    if unread:
        yield Task("interviews", unread)


def _rating_tasks(actor: Actor, today: date) -> Iterator[Task]:
    """Show whom the reader is still asked to rate, plan by plan."""
    if shell.burden(actor).to_give:
        yield from (_of_ratings("rate", each, today) for each in look_up_my_ratings.waiting_for(actor))


def _owed_ratings(actor: Actor, today: date) -> Iterator[Task]:
    """Show who manages raters where some are late."""
    return (
        task
        for task in (_of_ratings("late_ratings", each, today) for each in look_up_ratings.open_by_plan(actor))
        if task.late
    )


def _of_ratings(kind: str, waiting: OpenRatings, today: date) -> Task:
    late = waiting.due is not None and waiting.due < today
    return Task(
        kind, waiting.count, waiting.plan, waiting.plan_title, period=waiting.period, due=waiting.due, late=late
    )


def _owed(duty: Duty) -> Task:
    return Task(
        kind="record",
        count=duty.missing,
        plan=duty.plan,
        plan_title=f"{duty.item_title} · {duty.plan_title}",
        period=duty.period,
        due=duty.due,
        late=duty.late,
    )


def _scheme_task(version: SchemeVersion, trigger: str) -> Task:
    return Task(
        kind=f"{trigger}_scheme", count=1, plan_title=version.title, scheme=version.code, scheme_version=version.number
    )


def _question_tasks(actor: Actor) -> Iterator[Task]:
    for each in look_up_questions.awaited(actor):
        yield Task(
            kind="questions",
            count=each.count,
            plan_title=each.plan_title,
            period=each.period,
            unit=each.unit,
            unit_name=each.subject_name,
            card=str(each.card_id),
        )


def _report_task(row: ReportRow, trigger: str) -> Task:
    return Task(f"{trigger}_report", 1, plan_title=row.plan_title, period=row.period, report=str(row.id))


def _objection_tasks(actor: Actor, today: date) -> Iterator[Task]:
    waiting = look_up_objections.to_handle(actor)
    if waiting.count:
        late = waiting.due is not None and waiting.due < today
        yield Task("objections", waiting.count, due=waiting.due, late=late)


def _with_notice(task: Task, notices: Mapping[tuple[str, str], Notice]) -> Task:
    """Show with late work who has reminded the reader of it."""
    notice = notices.get((task.plan, DUE_STEPS[task.kind])) if task.late else None
    return task if notice is None else replace(task, reminded_by=notice.by, reminded_on=notice.day)


def _kind(waiting: Waiting) -> str:
    if waiting.trigger != Trigger.PREPARE:
        return KINDS[waiting.trigger]
    if waiting.came_back:
        return "returned"
    return "sign_prepare" if waiting.complete else "fill"


def _task(waiting: Waiting, today: date) -> Task:
    kind = _kind(waiting)
    due = day_of(waiting.calendar, DUE_STEPS[kind])
    return Task(
        kind=kind,
        count=waiting.count,
        plan=waiting.plan,
        plan_title=waiting.plan_title,
        period=waiting.period,
        unit=waiting.unit,
        unit_name=waiting.unit_name,
        on_behalf_of=waiting.on_behalf_of or "",
        due=due,
        late=due is not None and due < today,
    )


def day_of(calendar: Mapping[str, str], step: str) -> date | None:
    """Give the due date of a step, if the calendar has one."""
    day = calendar.get(step)
    return date.fromisoformat(day) if day else None


def _plans(actor: Actor, today: date) -> tuple[PlanProgress, ...]:
    found = look_up_plans.list_plans(actor, PlansWanted(states=UNDER_WAY), PageAsked(PLANS_SHOWN))
    return tuple(_progress(each, today) for each in found.rows)


def _progress(plan: PlanSummary, today: date) -> PlanProgress:
    due = day_of(plan.calendar, "disclose")
    by_state = tuple((str(state), plan.by_state[state]) for state in State if plan.by_state.get(state))
    return PlanProgress(
        plan=plan.code,
        title=plan.title,
        period=plan.period,
        state=plan.state,
        by_state=by_state,
        cards=sum(count for _, count in by_state),
        due=due,
        late=due is not None and due < today,
    )

"""考核计划: the list of plans, one plan, and the form that makes one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.errors import STATUS, Refusal
from workflow.lifecycle import plan as lifecycle
from workflow.pages.ledger import duty_row
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.raters import raters_panel
from workflow.pages.presenting import card_row
from workflow.pages.views.cards import Action
from workflow.pages.views.ledger import DutyRow
from workflow.pages.views.manage import (
    CalendarDay,
    ChangeRow,
    CopyForm,
    LateRow,
    LateStep,
    NewPlanForm,
    PlanPage,
    PlanRow,
    PlansPage,
    SchemeChoice,
)
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Action as PolicyAction
from workflow.policy import Actor, SchemeState, State, unit_scope
from workflow.scoring.periods import Frequency, Period
from workflow.scoring.scheme import Subject
from workflow.services.paging import MOST_ROWS, PageAsked
from workflow.services.people import look_up_organisation
from workflow.services.plans import look_up_plans, plan, remind
from workflow.services.plans.late_work import RATINGS, LateWork
from workflow.services.plans.look_up_plans import PlanDetail, PlanSummary, PlansWanted
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.recorders import recording
from workflow.services.schemes import look_up_schemes
from workflow.services.schemes.look_up_schemes import SchemesWanted
from workflow.services.scorecards import look_up_cards
from workflow.services.scorecards.look_up_cards import CardFilter

PER_PAGE = 20
CARDS_PER_PAGE = 50
IN_FORCE = SchemesWanted(state=SchemeState.APPROVED)
WITH_REASON = frozenset({lifecycle.Trigger.CANCEL})
DUE_STEP = "disclose"


@blueprint.get("/manage/plans")
def plans() -> ResponseReturnValue:
    """Show the plans in the reader's scope, the newest period first."""
    return render_template("manage/plans.html", page=_plans_page(web.actor(), NewPlanForm()))


@blueprint.post("/manage/plans")
def create_plan() -> ResponseReturnValue:
    """Make a draft plan; a wrong form comes back with what is wrong beside each field, and nothing lost."""
    actor, form = web.actor(), request.form
    chosen = {code: tuple(form.getlist(f"units-{code}")) for code in form.getlist("schemes")}
    contents = tuple(PlanContents(scheme, units) for scheme, units in chosen.items())
    new = NewPlan(
        code=form.get("code", "").strip(),
        title=form.get("title", "").strip(),
        period=form.get("period", "").strip(),
        contents=contents,
        calendar={step: form[f"due-{step}"] for step in plan.STEPS if form.get(f"due-{step}")},
    )
    try:
        made = plan.create(actor, web.clock(), new)
    except Refusal as refusal:
        entered = NewPlanForm(new.code, new.title, new.period, chosen, _said(refusal), is_open=True)
        page = _plans_page(actor, entered)
        return render_template("manage/plans.html", page=page), STATUS[refusal.denied.code]
    return redirect(url_for("manage.plan", code=made.code))


@blueprint.get("/manage/plans/<code>", endpoint="plan")
def one_plan(code: str) -> ResponseReturnValue:
    """Show one plan: its moves, its calendar, what still stands in the way, its cards."""
    actor, after = web.actor(), request.args.get("after") or None
    detail = look_up_plans.plan_detail(actor, code)
    cards = look_up_cards.list_cards(actor, CardFilter(plan=code), PageAsked(CARDS_PER_PAGE, after))
    today = web.clock()().astimezone(web.settings().timezone).date()
    page = PlanPage(
        plan=plan_row(detail.plan),
        actions=tuple(_actions(detail)),
        calendar=tuple(
            CalendarDay(step, date.fromisoformat(day), late=day < today.isoformat())
            for step, day in sorted(detail.plan.calendar.items(), key=lambda each: each[1])
        ),
        blockers=tuple(
            card_row(each)
            for each in look_up_cards.list_cards(
                actor, CardFilter(plan=code, still_open=True), PageAsked(CARDS_PER_PAGE)
            ).rows
        )
        if detail.plan.state == lifecycle.State.CLOSING
        else (),
        duties=_duties(detail, today),
        late=_late(actor, detail, today),
        changes=tuple(
            ChangeRow(
                each.kind,
                each.subject,
                each.name,
                each.unit,
                each.unit_name,
                str(each.card_id or ""),
                each.number or "",
            )
            for each in detail.changes
        ),
        raters=raters_panel(actor, detail.plan) if detail.manages else None,
        copy=CopyForm(_next_period(detail.plan.period)) if unit_scope(actor, PolicyAction.PLANS_MANAGE) else None,
        cards=tuple(card_row(each) for each in cards.rows),
        pager=Pager(len(cards.rows), cards.after, first=after is None, total=cards.total),
    )
    return render_template("manage/plan.html", page=page)


def _duties(detail: PlanDetail, day: date) -> tuple[DutyRow, ...]:
    """Show who runs the plan what its recorders still owe."""
    manages = lifecycle.Trigger.CLOSE in detail.allowed
    return tuple(duty_row(each) for each in recording.duties_of_plan(detail.plan.id, day)) if manages else ()


def _late(actor: Actor, detail: PlanDetail, today: date) -> tuple[LateStep, ...]:
    """Show who runs the plan what is late, step by step, and in whose hands it is."""
    if not detail.manages:
        return ()
    found = remind.late_work(actor, detail.plan.code, today)
    by_step = {step: [each for each in found if each.step == step] for step in plan.STEPS}
    return tuple(
        LateStep(step, rows[0].due, tuple(_late_rows(rows, today)), can_remind=_unreminded(rows, today))
        for step, rows in by_step.items()
        if rows
    )


def _late_rows(rows: Sequence[LateWork], today: date) -> Iterator[LateRow]:
    """Show the rows of a step, raters in one: they may be many."""
    raters = [each for each in rows if each.of == RATINGS]
    if raters:
        people = tuple(person for each in raters for person in each.people)
        rows = [replace(raters[0], count=sum(each.count for each in raters), people=people), *rows]
    yield from (_late_row(each, today) for each in rows if each not in raters)


def _late_row(each: LateWork, today: date) -> LateRow:
    """Show a row; that somebody was reminded today is said once, beside the step."""
    people = tuple(
        (person.name, person.on_behalf_of or "", None if person.reminded_on == today else person.reminded_on)
        for person in each.people
    )
    return LateRow(each.unit or "", each.unit_name or "", each.count, each.of, people)


def _unreminded(rows: Sequence[LateWork], today: date) -> bool:
    return any(person.reminded_on != today for each in rows for person in each.people)


def plan_row(summary: PlanSummary) -> PlanRow:
    """Show a plan as a row of the list."""
    due = summary.calendar.get(DUE_STEP)
    units = dict.fromkeys(title for part in summary.contents for _, title in part.units)
    return PlanRow(
        code=summary.code,
        title=summary.title,
        period=summary.period,
        state=summary.state,
        version=summary.version,
        schemes=tuple(part.scheme_title for part in summary.contents),
        units=tuple(units),
        cards=summary.cards,
        by_state=tuple((str(state), summary.by_state[state]) for state in State if summary.by_state.get(state)),
        due=date.fromisoformat(due) if due else None,
    )


def _plans_page(actor: Actor, form: NewPlanForm) -> PlansPage:
    after = request.args.get("after") or None
    found = look_up_plans.list_plans(actor, PlansWanted(), PageAsked(PER_PAGE, after))
    may_create = bool(unit_scope(actor, PolicyAction.PLANS_MANAGE))
    newest = next((each.period for each in found.rows), None)
    return PlansPage(
        rows=tuple(plan_row(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        may_create=may_create,
        schemes=_schemes(actor) if may_create else (),
        period=_next_period(newest),
        form=form,
    )


def _schemes(actor: Actor) -> tuple[SchemeChoice, ...]:
    """Give the schemes in force with the units that each could appraise."""
    today = web.clock()().astimezone(web.settings().timezone).date()
    units = tuple(Option(unit.code, unit.title) for unit in look_up_organisation.list_units(actor, today))
    return tuple(
        SchemeChoice(each.code, each.title, units, of_units=each.content["subject"] == Subject.UNIT)
        for each in look_up_schemes.list_versions(actor, IN_FORCE, PageAsked(MOST_ROWS)).rows
    )


def _actions(detail: PlanDetail) -> list[Action]:
    """Show the moves that leave the plan's state: those that can be made, and of the others why not."""
    shown = []
    for trigger in lifecycle.LIFECYCLE.leaving(detail.plan.state):
        denied = detail.denied.get(trigger)
        why = denied.sentence(web.language()) if denied else ""
        shown.append(Action(trigger, denied is None, why, needs_reason=trigger in WITH_REASON))
    return shown


def _next_period(newest: str | None) -> str:
    """Propose the period after the newest plan's, or last month."""
    if newest is not None:
        return Period.parse(newest).next().label
    today = web.clock()().astimezone(web.settings().timezone).date()
    return Period.holding(today, Frequency.MONTH).previous().label


def _said(refusal: Refusal) -> Mapping[str, str]:
    """Say what is wrong beside the field of the form that it is about, or else above all of them."""
    if not refusal.errors:
        return {"": refusal.denied.sentence(web.language())}
    return {
        each.path.partition("[")[0]: each.phrase.say(web.language(), **each.facts) for each in reversed(refusal.errors)
    }

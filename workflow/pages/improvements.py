"""改进: what is to improve, who does what about it until when, and what came of it."""

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle import improvement as lifecycle
from workflow.pages import shell
from workflow.pages.manage.organisation import today
from workflow.pages.presenting import decimal_text, signed
from workflow.pages.views import improvements as views
from workflow.pages.views.cards import Action
from workflow.pages.views.improvements import ImprovementPage, ImprovementsPage, NewPage, Note, Reading
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Action as PolicyAction
from workflow.policy import Actor, decide_unit, unit_scope
from workflow.services.fields import permit
from workflow.services.following import effects, improvable, look_up_improvements
from workflow.services.following.effects import Effect
from workflow.services.following.look_up_improvements import (
    ImprovementDetail,
    ImprovementRow,
    ImprovementsWanted,
    Whose,
)
from workflow.services.paging import PageAsked
from workflow.services.scorecards.cards import card_id_of as number_of

PER_PAGE = 30

blueprint = shell.area("improvements")


@blueprint.get("/results/improvements")
def index() -> ResponseReturnValue:
    """Show the improvement plans that the reader may see, the newest first."""
    actor, asked = web.actor(), request.args
    whose = Whose(asked["whose"]) if asked.get("whose") in set(Whose) else None
    wanted = ImprovementsWanted(state=asked.get("state") or None, whose=whose, late=asked.get("late") == "1")
    after = asked.get("after") or None
    found = look_up_improvements.list_improvements(actor, wanted, PageAsked(PER_PAGE, after), today())
    page = ImprovementsPage(
        rows=tuple(_row(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        state=wanted.state or "",
        whose=wanted.whose or "",
        late=wanted.late,
        has_person=actor.person_id is not None,
        may_propose=_may_propose(actor),
    )
    return render_template("improvements/list.html", page=page)


@blueprint.get("/results/improvements/new")
def new() -> ResponseReturnValue:
    """Show the form of a new improvement plan: for whom, then about which item of the newest card."""
    actor, code = web.actor(), request.args.get("subject", "").strip().partition(" ")[0]
    permit(decide_unit(actor, PolicyAction.IMPROVEMENTS_PROPOSE))
    found = improvable.find(actor, code, today()) if code else None
    page = _new_page(found, request.args.get("scheme", "")) if found else NewPage(code, today(), unknown=bool(code))
    return render_template("improvements/new.html", page=page)


@blueprint.get("/results/improvements/<improvement_id>")
def show(improvement_id: str) -> ResponseReturnValue:
    """Show one improvement plan: the problem, what is done about it, its progress, its effect."""
    found = look_up_improvements.find_improvement(web.actor(), number_of(improvement_id), today())
    before, after = _readings(found.effect)
    page = ImprovementPage(
        improvement=_row(found.improvement),
        notes=tuple(Note(each.text, each.by, each.at) for each in found.notes),
        before=before,
        after=after,
        change=None if found.effect.change is None else signed(found.effect.change),
        verdict=found.effect.verdict or "",
        moves=tuple(_moves(found)),
    )
    return render_template("improvements/one.html", page=page)


def _new_page(found: improvable.Improvable, wanted: str) -> NewPage:
    schemes = {each.scheme: each.scheme_title for each in found.items}
    scheme = wanted if wanted in schemes else next(iter(schemes), "")
    return NewPage(
        subject=found.code,
        today=today(),
        subject_name=found.name,
        unit_name=found.unit_name,
        schemes=tuple(Option(code, title) for code, title in schemes.items()),
        scheme=scheme,
        items=tuple(_choice(each) for each in found.items if each.scheme == scheme),
        owner=found.owner or "",
    )


def _may_propose(actor: Actor) -> bool:
    return bool(unit_scope(actor, PolicyAction.IMPROVEMENTS_PROPOSE))


def _row(row: ImprovementRow) -> views.ImprovementRow:
    return views.ImprovementRow(
        id=str(row.id),
        version=row.version,
        subject=row.subject,
        subject_name=row.subject_name,
        unit_name=row.unit_name,
        item_title=row.item_title,
        measured_by=row.measured_by,
        better=row.better,
        problem=row.problem,
        measures=row.measures,
        owner_name=row.owner_name,
        due=row.due_on,
        late=row.late,
        state=row.state,
        agreed_on=row.agreed_on,
        finished_on=row.finished_on,
        judgement=row.judgement or "",
        next_step=row.next_step or "",
        verdict=effects.verdict_of(row.before_value, row.after_value, row.better) or "",
    )


def _choice(item: improvable.ImprovableItem) -> views.ItemChoice:
    return views.ItemChoice(
        item.code, item.title, item.period, decimal_text(item.points) or "—", decimal_text(item.full) or ""
    )


def _readings(effect: Effect) -> tuple[Reading | None, Reading | None]:
    """Show both readings with the lengths of their bars, the greater one full."""
    values = [abs(each.value) for each in (effect.before, effect.after) if each and each.value is not None]
    greatest = max(values, default=0)

    def shown(reading: effects.Reading | None) -> Reading | None:
        if reading is None:
            return None
        width = round(100 * abs(reading.value) / greatest) if reading.value is not None and greatest else 0
        return Reading(reading.period, decimal_text(reading.value), width)

    return shown(effect.before), shown(effect.after)


def _moves(found: ImprovementDetail) -> Iterator[Action]:
    """Show the moves that leave the plan's state: those that can be made, and of the others why not."""
    for trigger in lifecycle.LIFECYCLE.leaving(found.improvement.state):
        denied = found.denied.get(trigger)
        why = denied.sentence(web.language()) if denied else ""
        yield Action(trigger, denied is None, why, needs_reason=trigger in lifecycle.WITH_WORDS)

"""申诉: queries and appeals that wait, one's own and all in scope; one of them as a conversation."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle import appeal, query
from workflow.models.objections import APPEAL, QUERY
from workflow.pages import shell
from workflow.pages.manage.organisation import today
from workflow.pages.presenting import decimal_text
from workflow.pages.views import objections as views
from workflow.pages.views.cards import Action, CardLink
from workflow.pages.views.objections import ItemThenAndNow, Objecting, ObjectionPage, ObjectionsPage, Said, Score
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Action as PolicyAction
from workflow.policy import Actor, unit_scope
from workflow.services.objections import look_up_objections, look_up_one_objection
from workflow.services.objections.look_up_objections import ObjectionRow, ObjectionsWanted
from workflow.services.objections.look_up_one_objection import ObjectionDetail, ScoreOf
from workflow.services.objections.may_object import MayObject
from workflow.services.paging import PageAsked
from workflow.services.scorecards.cards import card_id_of as number_of

PER_PAGE = 30
WITH_TEXT = frozenset({query.Trigger.ANSWER, appeal.Trigger.UPHOLD, appeal.Trigger.REJECT, appeal.Trigger.ESCALATE})
"""The moves that need words."""

OF_OBJECTOR = frozenset({query.Trigger.CLOSE, *appeal.BY_OBJECTOR})
LIFECYCLES = {QUERY: query.LIFECYCLE, APPEAL: appeal.LIFECYCLE}

blueprint = shell.area("objections")


@blueprint.get("/objections")
def index() -> ResponseReturnValue:
    """List what waits for the reader, what they made themselves, or all that they may see."""
    actor, asked = web.actor(), request.args
    tabs = _tabs(actor)
    codes = [code for code, _ in tabs]
    shown = asked.get("show", "")
    if shown not in codes:
        shown = next((code for code, count in tabs if count), codes[-1])
    wanted = ObjectionsWanted(
        state=asked.get("state") or None,
        kind=asked.get("kind") or None,
        mine=shown == "mine",
        to_handle=shown == "todo",
    )
    found = look_up_objections.list_objections(actor, wanted, PageAsked(PER_PAGE, asked.get("after") or None))
    page = ObjectionsPage(
        rows=tuple(row_of(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        shown=shown,
        tabs=tabs,
        kind=wanted.kind or "",
        state=wanted.state or "",
    )
    return render_template("objections/list.html", page=page)


@blueprint.get("/objections/<objection_id>")
def show(objection_id: str) -> ResponseReturnValue:
    """Show one query or appeal: what was said, the score then and now, and what the reader can do."""
    found = look_up_one_objection.find_objection(web.actor(), number_of(objection_id), today())
    page = ObjectionPage(
        row=row_of(found.row),
        is_own=found.is_own,
        said=tuple(
            Said(each.trigger, each.name, each.role or "", each.text, each.at, each.is_own, each.is_vote)
            for each in found.steps
        ),
        old=_score(found, found.old),
        new=_score(found, found.new) if found.new else None,
        items=tuple(
            ItemThenAndNow(each.title, decimal_text(each.before), decimal_text(each.after)) for each in found.items
        ),
        moves=tuple(_moves(found)),
        committee=found.committee,
        voted=found.voted,
        candidates=tuple(Option(username, name) for username, name in found.candidates),
    )
    return render_template("objections/show.html", page=page)


def row_of(row: ObjectionRow) -> views.ObjectionRow:
    """Show one objection as a row."""
    return views.ObjectionRow(
        id=str(row.id),
        version=row.version,
        kind=row.kind,
        state=row.state,
        card=CardLink(str(row.card_id), row.period, row.unit, row.subject_name),
        number=row.number,
        unit_name=row.unit_name,
        plan_title=row.plan_title,
        item=row.item or "",
        item_title=row.item_title or "",
        text=row.text,
        at=row.submitted_at,
        due=row.due_on,
        is_open=row.is_open,
        late=row.is_open and row.due_on < today(),
        handler=row.handler_name or "",
        escalated=row.escalated,
        escalate_until=row.escalate_until,
    )


def beside_card(may: MayObject | None) -> Objecting | None:
    """Show what is told of objecting beside one's own card."""
    if may is None:
        return None
    made = tuple(row_of(each) for each in may.made)
    standing = (row for row in made if row.kind == APPEAL and row.state != appeal.State.WITHDRAWN)
    return Objecting(
        may.until, may.is_over, "、".join(may.handlers), made, dict.fromkeys((r.item for r in standing), True)
    )


def _tabs(actor: Actor) -> tuple[tuple[str, int], ...]:
    """Give the tabs that the reader has use for, the first one that holds something being opened."""
    handles = bool(unit_scope(actor, PolicyAction.QUERIES_SEE) or unit_scope(actor, PolicyAction.APPEALS_SEE))
    found = [("todo", look_up_objections.to_handle(actor).count)] if handles else []
    found += [("mine", 0)] if actor.person_id is not None else []
    return tuple([*found, ("all", 0)] if handles else found or [("all", 0)])


def _score(found: ObjectionDetail, score: ScoreOf) -> Score:
    row = found.row
    link = CardLink(str(score.card_id), row.period, row.unit, row.subject_name)
    return Score(link, score.revision, score.state, decimal_text(score.total), score.grade or "")


def _moves(found: ObjectionDetail) -> list[Action]:
    """Show the moves that leave the state and are the reader's side's to make; of those that can't be made why not."""
    shown = []
    for trigger in LIFECYCLES[found.row.kind].leaving(found.row.state):
        if (trigger in OF_OBJECTOR) is not found.is_own:
            continue
        denied = found.denied.get(trigger)
        why = denied.sentence(web.language()) if denied else ""
        shown.append(Action(trigger, denied is None, why, needs_reason=trigger in WITH_TEXT))
    return shown

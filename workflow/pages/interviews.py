"""谈话记录: the list of talks, and how one stands on the page of its action item."""

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle import interview as lifecycle
from workflow.lifecycle.interview import State, Trigger
from workflow.pages import shell
from workflow.pages.views import results as views
from workflow.pages.views.cards import Action
from workflow.pages.views.results import Correction, InterviewPart, InterviewsPage
from workflow.pages.views.shell import Pager
from workflow.policy import Action as PolicyAction
from workflow.policy import unit_scope
from workflow.services.following import look_up_interviews
from workflow.services.following.look_up_interviews import InterviewDetail, InterviewRow, InterviewsWanted
from workflow.services.paging import PageAsked

PER_PAGE = 30

blueprint = shell.area("interviews")


@blueprint.get("/results/interviews")
def index() -> ResponseReturnValue:
    """Show the interview records that the reader may see, the newest first."""
    actor, asked = web.actor(), request.args
    state = asked["state"] if asked.get("state") in set(State) else None
    wanted = InterviewsWanted(state=state, own=asked.get("own") == "1")
    after = asked.get("after") or None
    found = look_up_interviews.list_interviews(actor, wanted, PageAsked(PER_PAGE, after))
    page = InterviewsPage(
        rows=tuple(_row(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        state=state or "",
        own=wanted.own,
        has_person=actor.person_id is not None,
        sees_others=bool(unit_scope(actor, PolicyAction.ACTIONS_SEE)),
    )
    return render_template("results/interviews.html", page=page)


def interview_part(found: InterviewDetail) -> InterviewPart:
    """Show how a talk was held and what came after it."""
    row = found.interview
    return InterviewPart(
        id=str(row.id),
        version=row.version,
        held_on=row.held_on,
        held_at=row.held_at or "",
        place=row.place,
        held_by=row.held_by,
        present=row.present,
        state=row.state,
        acknowledged_at=row.acknowledged_at,
        comment=row.comment or "",
        declined=row.declined or "",
        corrections=tuple(Correction(each.text, each.by, each.at) for each in found.corrections),
        moves=tuple(_moves(found)),
    )


def _moves(found: InterviewDetail) -> Iterator[Action]:
    """Show the moves that the reader can make now."""
    for trigger in lifecycle.LIFECYCLE.leaving(found.interview.state):
        if trigger not in found.denied:
            yield Action(trigger, allowed=True, needs_reason=trigger != Trigger.ACKNOWLEDGE)


def _row(row: InterviewRow) -> views.InterviewRow:
    return views.InterviewRow(
        id=str(row.id),
        action=str(row.action),
        title=row.title,
        period=row.period,
        subject_name=row.subject_name,
        unit_name=row.unit_name,
        held_on=row.held_on,
        held_by=row.held_by,
        place=row.place,
        state=row.state,
    )

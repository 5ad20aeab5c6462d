"""评价人 of a plan: who is asked about whom, who has not answered, never what anybody gave."""

from collections.abc import Sequence
from itertools import groupby

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle.rating import State
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today
from workflow.pages.ratings import is_late
from workflow.pages.views.ratings import (
    AskingForm,
    OwingRater,
    RaterLine,
    RatersPage,
    RatersPanel,
    SubjectRaters,
)
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Actor
from workflow.services.paging import PageAsked
from workflow.services.plans.look_up_plans import PlanSummary, plan_detail
from workflow.services.raters import look_up_ratings
from workflow.services.raters.ask_raters import MOST_PEERS, PEER, SUBORDINATE, SUPERIOR
from workflow.services.raters.look_up_ratings import RatedScheme, RaterRow, RatersWanted
from workflow.services.raters.manage_raters import MOST_ASKED

PER_PAGE = 100
OWING_SHOWN = 8
GROUPS = (SUPERIOR, PEER, SUBORDINATE)


@blueprint.get("/manage/plans/<code>/raters")
def plan_raters(code: str) -> ResponseReturnValue:
    """Show who is asked about whom, subject by subject."""
    actor, asked = web.actor(), request.args
    after = asked.get("after") or None
    wanted = RatersWanted(state=asked.get("state") or None, subject=asked.get("subject", "").strip() or None)
    found = look_up_ratings.raters_of(actor, code, PageAsked(PER_PAGE, after), wanted)
    plan = plan_detail(actor, code).plan
    rated = look_up_ratings.rated_schemes(actor, code)
    page = RatersPage(
        plan=plan.code,
        plan_title=plan.title,
        period=plan.period,
        subjects=_by_subject(found.rows, {each.code: each.title for each in rated}),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        asking=_asking(rated),
        state=wanted.state or "",
        subject=wanted.subject or "",
    )
    return render_template("manage/raters.html", page=page)


@blueprint.get("/manage/plans/<code>/raters/people")
def plan_raters_people(code: str) -> Response:
    """Find people who could be asked, as it is typed."""
    found = look_up_ratings.find_able(web.actor(), code, request.args.get("q", ""), today())
    return jsonify([{"code": each.code, "name": each.name, "unit": each.unit_name} for each in found])


def raters_panel(actor: Actor, plan: PlanSummary) -> RatersPanel | None:
    """Show how far the ratings of a plan are; none where no card of it is rated."""
    rated = look_up_ratings.rated_schemes(actor, plan.code)
    if not rated:
        return None
    progress = look_up_ratings.progress_of(actor, plan.code)
    owing = sorted((each for each in progress if each.open), key=lambda each: (not is_late(each.due_on), -each.open))
    due = min((each.due_on for each in owing if each.due_on is not None), default=None)
    return RatersPanel(
        asked=sum(each.asked for each in progress),
        given=sum(each.given for each in progress),
        open=sum(each.open for each in progress),
        due=due,
        late=is_late(due),
        owing=tuple(
            OwingRater(each.rater, each.rater_name, each.asked, each.open, is_late(each.due_on))
            for each in owing[:OWING_SHOWN]
        ),
        more=max(len(owing) - OWING_SHOWN, 0),
        asking=_asking(rated),
    )


def _asking(rated: Sequence[RatedScheme]) -> AskingForm | None:
    """Offer to ask raters while a rated card is a draft."""
    drafts = [each for each in rated if each.drafts]
    if not drafts:
        return None
    groups = dict.fromkeys(group for each in drafts for group in each.groups)
    return AskingForm(tuple(Option(each.code, each.title) for each in drafts), tuple(groups), MOST_PEERS, MOST_ASKED)


def _by_subject(rows: Sequence[RaterRow], titles: dict[str, str]) -> tuple[SubjectRaters, ...]:
    grouped = groupby(rows, key=lambda each: (each.subject, each.subject_name, each.scheme, each.open))
    return tuple(
        SubjectRaters(
            subject,
            name,
            scheme,
            titles.get(scheme, scheme),
            is_open,
            tuple(_line(each) for each in sorted(lines, key=_by_group)),
        )
        for (subject, name, scheme, is_open), lines in grouped
    )


def _by_group(each: RaterRow) -> int:
    return GROUPS.index(each.group) if each.group in GROUPS else len(GROUPS)


def _line(each: RaterRow) -> RaterLine:
    return RaterLine(
        id=str(each.id),
        version=each.version,
        state=each.state,
        open=each.open,
        group=each.group,
        rater=each.rater,
        rater_name=each.rater_name,
        by_hand=each.way == "hand",
        late=each.state == State.OPEN and each.open and is_late(each.due_on),
        revoke_reason=each.revoke_reason or "",
    )

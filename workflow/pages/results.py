"""结果: the ranking of a plan, and the action items that follow from final ranks."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle import action_item
from workflow.pages import shell
from workflow.pages.interviews import interview_part
from workflow.pages.manage.organisation import today
from workflow.pages.presenting import decimal_text
from workflow.pages.views import results as views
from workflow.pages.views.cards import Action, CardLink
from workflow.pages.views.results import ActionPage, ActionsPage, GradeShare, GroupTable, RankingPage, RankRow
from workflow.pages.views.shell import Option, Pager
from workflow.policy import Action as PolicyAction
from workflow.policy import Actor, unit_scope
from workflow.services.following import look_up_actions, look_up_interviews
from workflow.services.following.look_up_actions import ActionDetail, ActionRow, ActionsWanted, Whose
from workflow.services.paging import PageAsked
from workflow.services.people import look_up_person
from workflow.services.ranking import look_up_ranks
from workflow.services.ranking.look_up_ranks import GroupRanking, RankedCard
from workflow.services.scorecards.cards import card_id_of as number_of

PER_PAGE = 30
WITH_TEXT = frozenset({action_item.Trigger.DISMISS, action_item.Trigger.COMPLETE})
"""The moves that need words."""

blueprint = shell.area("results")


@blueprint.get("/results")
def ranking() -> ResponseReturnValue:
    """Show the ranking of one plan, the newest ranked one where none is chosen."""
    actor = web.actor()
    plans = look_up_ranks.ranked_plans(actor)
    code = request.args.get("plan") or (plans[0].code if plans else "")
    choices = tuple(Option(each.code, each.title) for each in plans)
    if not code:
        return render_template("results/ranking.html", page=RankingPage(choices))
    found = look_up_ranks.plan_ranking(actor, code)
    page = RankingPage(
        plans=choices,
        plan=found.plan,
        title=found.title,
        period=found.period,
        groups=tuple(_group(found.period, each) for each in found.groups),
        sees_actions=bool(unit_scope(actor, PolicyAction.ACTIONS_SEE)),
    )
    return render_template("results/ranking.html", page=page)


@blueprint.get("/results/actions")
def actions() -> ResponseReturnValue:
    """Show the action items that the reader may see, the newest first."""
    actor, asked = web.actor(), request.args
    whose = Whose(asked["whose"]) if asked.get("whose") in set(Whose) else None
    wanted = ActionsWanted(plan=asked.get("plan") or None, state=asked.get("state") or None, whose=whose)
    found = look_up_actions.list_actions(actor, wanted, PageAsked(PER_PAGE, asked.get("after") or None))
    page = ActionsPage(
        rows=tuple(_action(each) for each in found.rows),
        pager=Pager(len(found.rows), found.after, first=not asked.get("after"), total=found.total),
        plans=tuple(Option(each.code, each.title) for each in look_up_ranks.ranked_plans(actor)),
        plan=wanted.plan or "",
        state=wanted.state or "",
        whose=wanted.whose or "",
        has_person=actor.person_id is not None,
    )
    return render_template("results/actions.html", page=page)


@blueprint.get("/results/actions/<action_id>")
def action(action_id: str) -> ResponseReturnValue:
    """Show one action item: what it rests on, who sees to it until when, what came of it."""
    actor = web.actor()
    found = look_up_actions.find_action(actor, number_of(action_id))
    talk = look_up_interviews.of_action(actor, found.action.id)
    page = ActionPage(
        action=_action(found.action),
        today=today(),
        before=_action(found.before) if found.before else None,
        after=tuple(_action(each) for each in found.after),
        moves=tuple(_moves(found)),
        interview=interview_part(talk) if talk else None,
        standing_of=_standing_of(actor, found.action),
    )
    return render_template("results/action.html", page=page)


def _standing_of(actor: Actor, row: ActionRow) -> str:
    """Say for whom the reader can enter the standing that the item leads to."""
    may_enter = bool(unit_scope(actor, PolicyAction.PEOPLE_WRITE))
    return row.subject if may_enter and look_up_person.suggested_by(row, today()) else ""


def _group(period: str, found: GroupRanking) -> GroupTable:
    graded = sum(found.grades.values())
    return GroupTable(
        title=found.group_title,
        version=found.version,
        state=found.state,
        at=found.at,
        ranked=found.ranked,
        grades=tuple(GradeShare(name, count, round(100 * count / graded)) for name, count in found.grades.items()),
        rows=tuple(_rank_row(period, each) for each in found.entries),
    )


def _rank_row(period: str, each: RankedCard) -> RankRow:
    return RankRow(
        card=CardLink(str(each.card_id), period, each.unit, each.subject_name),
        unit_name=each.unit_name,
        scheme_title=each.scheme_title,
        total=decimal_text(each.total),
        rank=each.rank,
        absence=each.absence or "",
        grade=each.grade,
        climbed=each.climbed,
    )


def _action(row: ActionRow) -> views.ActionRow:
    return views.ActionRow(
        id=str(row.id),
        version=row.version,
        title=row.title,
        by=row.by,
        card=CardLink(str(row.card_id), row.period, row.unit, row.subject_name),
        unit_name=row.unit_name,
        plan=row.plan,
        plan_title=row.plan_title,
        period=row.period,
        state=row.state,
        evidence=tuple(views.EvidenceRow(**each) for each in row.evidence),
        owner_name=row.owner_name or "",
        due=row.due_on,
        late=row.state in look_up_actions.OPEN and row.due_on < today(),
        lasts=row.lasts,
        kind=row.kind or "",
        outcome=row.outcome or "",
        done=row.done_on,
        agreed=row.agreed or "",
        passed=row.passed,
        no_bonus=row.bonus is not None,
        dismissal=row.dismissal or "",
        lapsed=row.lapsed,
    )


def _moves(found: ActionDetail) -> list[Action]:
    """Show the moves that leave the item's state: those that can be made, and of the others why not."""
    shown = []
    for trigger in action_item.LIFECYCLE.leaving(found.action.state):
        denied = found.denied.get(trigger)
        why = denied.sentence(web.language()) if denied else ""
        shown.append(Action(trigger, denied is None, why, needs_reason=trigger in WITH_TEXT))
    return shown

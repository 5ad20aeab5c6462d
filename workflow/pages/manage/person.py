"""One person over time: 岗位状态, 等级 and posts, and the forms by which HR enters them."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.lifecycle.level import Level
from workflow.lifecycle.standing import Kind
from workflow.pages import history
from workflow.pages.manage.area import blueprint
from workflow.pages.manage.organisation import today
from workflow.pages.views.person import LevelLine, PersonPage, PostLine, StandingForm, StandingLine
from workflow.policy import Action, unit_scope
from workflow.services.erasing import erase, look_up_erasures
from workflow.services.people import look_up_person
from workflow.services.people.look_up_person import PersonInTime
from workflow.services.people.look_up_personnel import LevelRow, StandingRow
from workflow.services.scorecards.cards import card_id_of


@blueprint.get("/manage/people/<code>", endpoint="person")
def one_person(code: str) -> ResponseReturnValue:
    """Show one person over time; an action item in the address fills in the standing that it leads to."""
    actor, day = web.actor(), today()
    found = look_up_person.person_in_time(actor, code, day)
    level = found.level_on(day)
    page = PersonPage(
        number=found.person.code,
        name=found.person.name,
        unit_name=found.person.unit_title or "",
        post=found.person.post,
        standings=tuple(_standing(each) for each in found.standings),
        levels=tuple(_level(each) for each in found.levels),
        posts=tuple(PostLine(each.unit_name, each.post, each.starts_on, each.ends_on) for each in found.posts),
        standing=_standing_now(found, day),
        level=_level(level) if level else None,
        may_enter=found.forbidden is None,
        sees_actions=bool(unit_scope(actor, Action.ACTIONS_SEE)),
        form=_form(day),
        kinds=tuple(Kind),
        level_names=tuple(Level),
        today=day,
        may_erase=erase.may_erase(actor, found.person.id, found.person.name),
        erased=history.order_line(look_up_erasures.order_about(found.person.id, found.person.name)),
    )
    return render_template("manage/person.html", page=page)


def _standing_now(found: PersonInTime, day: date) -> StandingLine:
    now = found.standing_on(day)
    return _standing(now) if now else StandingLine(kind=Kind.ON_POST)


def _form(day: date) -> StandingForm:
    """Fill the form in from the action item in the address, if that leads to a standing."""
    action = request.args.get("action")
    led_to = look_up_person.suggest_standing(web.actor(), card_id_of(action), day) if action else None
    if led_to is None:
        return StandingForm(kind=Kind.LEAVE, starts=day)
    return StandingForm(led_to.kind, led_to.starts_on, led_to.ends_on, str(led_to.action_id), led_to.title)


def _standing(row: StandingRow) -> StandingLine:
    return StandingLine(
        id=str(row.id),
        kind=row.kind,
        starts=row.starts_on,
        ends=row.held_until or row.ends_on,
        cut_short=row.held_until is not None and row.held_until != row.ends_on and row.kind != Kind.ON_POST,
        reason=row.reason,
        evidence=row.evidence,
        action=str(row.action_id) if row.action_id else "",
        void_reason=row.void_reason,
        version=row.version,
        may_void=bool(row.allowed),
    )


def _level(row: LevelRow) -> LevelLine:
    return LevelLine(
        id=str(row.id),
        level=row.level,
        way=row.way,
        provisional=row.provisional,
        employment=row.employment,
        starts=row.starts_on,
        ends=row.ends_on,
        figures=tuple(row.figures.items()),
        papers=row.papers,
        reason=row.reason,
        void_reason=row.void_reason,
        version=row.version,
        may_void=bool(row.allowed),
    )

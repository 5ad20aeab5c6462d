"""What surrounds every page: who is signed in, which areas they can use, what waits for them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, g, request
from werkzeug.exceptions import HTTPException

from workflow import web
from workflow.errors import Refusal
from workflow.lifecycle.import_batch import MADE_BY
from workflow.pages import errors
from workflow.pages.views.shell import Area, Shell
from workflow.policy import Action, Actor, Role, card_scope, unit_scope
from workflow.services.accounts.identify import Identity, require_own_password
from workflow.services.following import look_up_actions, look_up_improvements, look_up_interviews
from workflow.services.objections import look_up_objections
from workflow.services.people import look_up_delegations
from workflow.services.raters import look_up_my_ratings
from workflow.services.raters.look_up_my_ratings import Burden
from workflow.services.reporting import look_up_reports
from workflow.services.scorecards import look_up_inbox

BY_ACTION = {
    Area.LEDGER: Action.LEDGER_SEE,
    Area.PLANS: Action.PLANS_SEE,
    Area.SCHEMES: Action.SCHEMES_SEE,
    Area.PEOPLE: Action.PEOPLE_SEE,
    Area.UNITS: Action.UNITS_SEE,
    Area.GROUPS: Action.UNITS_SEE,
    Area.GRANTS: Action.GRANTS_SEE,
    Area.CALENDAR: Action.UNITS_SEE,
    Area.RATES: Action.RATES_SEE,
    Area.PORTFOLIOS: Action.PORTFOLIO_SEE,
    Area.RANKING: Action.RANKING_SEE,
    Area.REPORT: Action.RANKING_SEE,
    Area.ACTIONS: Action.ACTIONS_SEE,
    Area.IMPROVEMENTS: Action.IMPROVEMENTS_SEE,
    Area.PAYROLL: Action.PAY_SEE,
    Area.RECORD: Action.RECORDS_SEE,
}
SEE_OBJECTIONS = (Action.QUERIES_SEE, Action.APPEALS_SEE)
INBOX_ROLES = (Role.PREPARER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)


def init_app(app: Flask) -> None:
    """Give every template its surroundings."""
    app.context_processor(_surroundings)


def area(name: str) -> Blueprint:
    """Make the blueprint of an area of pages, open to whoever is signed in with a password of their own."""
    blueprint = Blueprint(name, __name__)
    blueprint.before_request(_require_sign_in)
    refuse_with_pages(blueprint)
    return blueprint


def refuse_with_pages(blueprint: Blueprint) -> None:
    """Let refusals in an area show as pages."""
    blueprint.register_error_handler(Refusal, errors.answer)
    blueprint.register_error_handler(HTTPException, errors.answer_http)


def burden(actor: Actor) -> Burden:
    """Count once a request what the actor is asked to rate."""
    if "burden" not in g:
        g.burden = look_up_my_ratings.burden_of(actor)
    found: Burden = g.burden
    return found


BY_CONCERN: Mapping[Area, Callable[[Actor], bool]] = {
    Area.ACTIONS: look_up_actions.is_concerned,
    Area.REPORT: look_up_reports.is_concerned,
    Area.RATINGS: lambda actor: bool(burden(actor).asked),
    Area.DELEGATES: look_up_delegations.is_concerned,
    Area.IMPROVEMENTS: look_up_improvements.is_concerned,
}
"""The areas that also those use whom something in them concerns."""


def areas_of(actor: Actor) -> frozenset[Area]:
    """Say which areas somebody can use."""
    found = {Area.WORKBENCH}
    found |= {each for each, action in BY_ACTION.items() if unit_scope(actor, action)}
    if any(clause.person_id is None and clause.member_units is None for clause in card_scope(actor).clauses):
        found.add(Area.CARDS)
    if actor.paths(INBOX_ROLES):
        found.add(Area.INBOX)
    if any(unit_scope(actor, action) for action in MADE_BY.values()):
        found.add(Area.IMPORTS)
    if actor.person_id is not None:
        found |= {Area.ME, Area.OBJECTIONS}
    found |= {each for each, is_concerned in BY_CONCERN.items() if each not in found and is_concerned(actor)}
    if any(unit_scope(actor, action) for action in SEE_OBJECTIONS):
        found.add(Area.OBJECTIONS)
    return frozenset(found)


def proof_is_fresh(identity: Identity) -> bool:
    """Say whether the last proof of identity is new enough to sign with, so that no password is asked for."""
    return web.clock()() - identity.proved_at <= timedelta(minutes=web.settings().sign_proof_minutes)


def _require_sign_in() -> None:
    require_own_password(web.identity())


def _surroundings() -> dict[str, Any]:
    identity = web.caller()
    if identity is None:
        return {"shell": None}
    if "shell" not in g:
        g.shell = _shell(identity)
    return {"shell": g.shell}


def _shell(identity: Identity) -> Shell:
    actor = web.actor()
    areas = areas_of(actor)
    is_read = request.method == "GET"
    waiting = look_up_inbox.count_waiting(actor) if Area.INBOX in areas and is_read else 0
    acts = Area.ACTIONS in areas and is_read
    to_do = look_up_actions.count_to_do(actor) + look_up_interviews.count_unread(actor) if acts else 0
    late = (
        look_up_improvements.count_late(actor, web.terms().day_of(web.clock()()))
        if Area.IMPROVEMENTS in areas and is_read
        else 0
    )
    handles = any(unit_scope(actor, action) for action in SEE_OBJECTIONS)
    return Shell(
        name=actor.name,
        username=actor.username,
        roles=tuple(dict.fromkeys(str(grant.role) for grant in actor.grants)),
        areas=areas,
        waiting=waiting,
        to_do=to_do,
        late=late,
        to_rate=burden(actor).to_give,
        objections=look_up_objections.to_handle(actor).count if is_read and handles else 0,
        proof_fresh=proof_is_fresh(identity),
        has_device=identity.has_device,
        demo=identity.is_demo,
    )

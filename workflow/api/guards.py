"""What is said of an address before its body is called invalid: the same questions that its service asks, read only."""

from typing import Any

from flask import request

from workflow import web
from workflow.api.declaring import Guard
from workflow.api.reading import day_of, read_json, seen_version
from workflow.api.today import today
from workflow.errors import ErrorCode, Reason, not_seen, refuse
from workflow.lifecycle import delegation, import_batch, rating
from workflow.policy import (
    COMPANY,
    Action,
    decide_move,
    decide_report_move,
    decide_report_write,
    decide_scheme_move,
    decide_unit,
)
from workflow.services.accounts import look_up_accounts
from workflow.services.following import look_up_actions, look_up_improvements, look_up_interviews
from workflow.services.importing import import_data
from workflow.services.objections import look_up_one_objection
from workflow.services.paying import maintain_pay
from workflow.services.people import look_up_delegations, look_up_organisation, look_up_personnel
from workflow.services.plans import maintain_calendar, plan
from workflow.services.ranking import look_up_groups
from workflow.services.raters import look_up_ratings, manage_raters
from workflow.services.recorders import look_up_ledger
from workflow.services.reporting import reports
from workflow.services.schemes import look_up_schemes, maintain_schemes
from workflow.services.scorecards import ask_question, cards, look_up_questions, veto


def need_version() -> None:
    """Ask for If-Match; raises Refusal."""
    if seen_version() is None:
        raise refuse(Reason.NO_VERSION)


def may_anywhere(action: Action, unit_path: str | None = None) -> Guard:
    """Guard what hangs on no entity yet: whether the caller may do this here, or anywhere at all."""

    def guard(**_: Any) -> None:
        cards.check(decide_unit(web.actor(), action, unit_path))

    return guard


def may_edit_item(card_id: str, code: str, **_: Any) -> None:
    """Guard an item of a card."""
    actor = web.actor()
    opened = cards.open_card(actor, Action.CARD_SEE, cards.card_id_of(card_id))
    cards.check_item(actor, opened, code)
    need_version()


def may_veto_card(card_id: str, **_: Any) -> None:
    """Guard the vetoes of a card."""
    veto.open_to_veto(web.actor(), cards.card_id_of(card_id))
    need_version()


def may_move_card(card_id: str) -> None:
    """Guard a move of a card: whether the caller could make this one, if it can be told which is meant."""
    actor = web.actor()
    opened = cards.open_card(actor, Action.CARD_SEE, cards.card_id_of(card_id))
    cards.check(decide_move(actor, asked_trigger(), cards.facts_with_history(opened, actor)))
    need_version()


def may_change_plan(code: str) -> None:
    """Guard what is done with a plan: whether the caller manages it."""
    actor = web.actor()
    facts = plan.facts_of(plan.find_plan(code))
    if decide_unit(actor, Action.PLANS_SEE):
        raise not_seen()
    cards.check(decide_unit(actor, Action.PLANS_MANAGE, facts.unit_path))


def may_move_plan(code: str) -> None:
    """Guard a move of a plan."""
    may_change_plan(code)
    need_version()


def may_move_scheme(code: str, number: str) -> None:
    """Guard a move of a version of a scheme: whether the caller could make this one."""
    actor = web.actor()
    found = look_up_schemes.find_version(actor, code, cards.card_id_of(number))
    standing = maintain_schemes.as_facts(found.signatures)
    cards.check(decide_scheme_move(actor, asked_trigger(), found.version.state, standing))
    need_version()


def may_move_entry(entry_id: str) -> None:
    """Guard a move of a ledger entry: whether the caller could make this one, if it can be told which is meant."""
    found = look_up_ledger.find_entry(web.actor(), cards.card_id_of(entry_id), at_once=web.ledger_at_once())
    cards.check(found.forbidden.get(asked_trigger()))
    need_version()


def may_manage_raters(code: str) -> None:
    """Guard who rates whom in a plan."""
    manage_raters.check_plan(web.actor(), code)


def may_move_rating(rating_id: str) -> None:
    """Guard a move of a rating: whether the caller could make this one, if it can be told which is meant."""
    _, facts = look_up_ratings.find_rater(web.actor(), cards.card_id_of(rating_id))
    cards.check(rating.forbidden(asked_trigger(), web.actor(), facts))
    need_version()


def may_bring_in() -> None:
    """Guard what is brought in by a file: whether the caller may bring in anything at all."""
    answers = [decide_unit(web.actor(), action) for action in import_batch.MADE_BY.values()]
    if None not in answers:
        cards.check(answers[0])


def may_move_import(import_id: str) -> None:
    """Guard a move of an import: whether the caller could make any."""
    import_data.check_may_move(web.actor(), cards.card_id_of(import_id))
    need_version()


def may_move_action(action_id: str) -> None:
    """Guard a move of an action item."""
    found = look_up_actions.find_action(web.actor(), cards.card_id_of(action_id))
    cards.check(found.forbidden)
    need_version()


def may_move_interview(interview_id: str) -> None:
    """Guard a move of an interview record: whether the caller could make this one, if it can be told which is meant."""
    found = look_up_interviews.find_interview(web.actor(), cards.card_id_of(interview_id))
    cards.check(found.forbidden.get(asked_trigger()))
    need_version()


def may_move_improvement(improvement_id: str) -> None:
    """Guard a move of an improvement plan: whether the caller could make this one, if it can be told which is meant."""
    found = look_up_improvements.find_improvement(web.actor(), cards.card_id_of(improvement_id), today())
    cards.check(found.forbidden.get(asked_trigger()))
    need_version()


def may_write_report(report_id: str) -> None:
    """Guard the words of a report: whether the caller writes it."""
    opened = reports.open_report(web.actor(), cards.card_id_of(report_id))
    cards.check(decide_report_write(web.actor(), opened.facts))
    need_version()


def may_move_report(report_id: str) -> None:
    """Guard a move of a report: whether the caller could make this one, if it can be told which is meant."""
    opened = reports.open_report(web.actor(), cards.card_id_of(report_id))
    cards.check(decide_report_move(web.actor(), asked_trigger(), opened.facts))
    need_version()


def may_move_standing(standing_id: str) -> None:
    """Guard a move of a standing."""
    entry = look_up_personnel.find_standing(web.actor(), cards.card_id_of(standing_id), today())
    cards.check(entry.forbidden)
    need_version()


def may_move_delegation(delegation_id: str) -> None:
    """Guard a move of a delegation."""
    found = look_up_delegations.find_delegation(web.actor(), cards.card_id_of(delegation_id), today())
    cards.check(delegation.forbidden(asked_trigger(), found.facts, web.actor()))
    need_version()


def may_move_level(level_id: str) -> None:
    """Guard a move of a level."""
    entry = look_up_personnel.find_level(web.actor(), cards.card_id_of(level_id), today())
    cards.check(entry.forbidden)
    need_version()


def may_object(card_id: str) -> None:
    """Guard objecting to a card."""
    cards.open_card(web.actor(), Action.CARD_OBJECT, cards.card_id_of(card_id))


def may_ask(card_id: str) -> None:
    """Guard a question about a card."""
    ask_question.open_to_ask(web.actor(), cards.card_id_of(card_id))


def may_move_question(question_id: str) -> None:
    """Guard a move of a question."""
    cards.check(look_up_questions.forbidden(web.actor(), cards.card_id_of(question_id), asked_trigger()))
    need_version()


def may_move_objection(objection_id: str) -> None:
    """Guard a move of an objection: whether the caller could make this one, if it can be told which is meant."""
    number = cards.card_id_of(objection_id)
    cards.check(look_up_one_objection.forbidden(web.actor(), number, asked_trigger(), today()))
    need_version()


def may_name_committee(objection_id: str) -> None:
    """Guard naming a committee: what the appeal's state forbids is said after what is wrong."""
    number = cards.card_id_of(objection_id)
    denied = look_up_one_objection.forbidden_committee(web.actor(), number, today())
    cards.check(None if denied is not None and denied.code is ErrorCode.WRONG_STATE else denied)
    need_version()


def may_change_calendar(day: str) -> None:
    """Guard a day of the calendar."""
    maintain_calendar.find_day(day_of(day))
    cards.check(decide_unit(web.actor(), Action.CALENDAR_WRITE, COMPANY))
    need_version()


def may_correct_payroll(code: str) -> None:
    """Guard the differences of a plan's payroll."""
    maintain_pay.check_correct(web.actor(), plan.find_plan(code))


def may_test_scheme(code: str, number: str) -> None:
    """Guard the back-test of a version of a scheme."""
    look_up_schemes.find_version(web.actor(), code, cards.card_id_of(number))
    cards.check(decide_unit(web.actor(), Action.SCHEMES_MANAGE, COMPANY))


def asked_trigger() -> str:
    """Give the trigger of a body that is otherwise wrong; empty where there is none."""
    body = read_json(request.get_data())
    trigger = body.get("trigger") if isinstance(body, dict) else None
    return trigger if isinstance(trigger, str) else ""


def may_change_unit(code: str) -> None:
    """Guard a unit."""
    unit = look_up_organisation.unit_by_code(code)
    _may_change(Action.UNITS_SEE, Action.UNITS_WRITE, unit.path if unit else None)


def may_change_group(code: str) -> None:
    """Guard a ranking group, which is the company's."""
    look_up_groups.find_group(web.actor(), code)
    cards.check(decide_unit(web.actor(), Action.UNITS_WRITE, COMPANY))
    need_version()


def may_change_person(code: str) -> None:
    """Guard a person, by the unit of the present or else the last post."""
    day = today()
    row = look_up_organisation.find_person(web.actor(), code, day)
    unit = look_up_organisation.unit_by_code(row.unit_code) if row.unit_code else None
    _may_change(Action.PEOPLE_SEE, Action.PEOPLE_WRITE, unit.path if unit else COMPANY)


def may_change_grant(grant_id: str) -> None:
    """Guard a grant, by the unit for which it was given."""
    row = look_up_accounts.find_grant(web.actor(), cards.card_id_of(grant_id), today())
    unit = look_up_organisation.unit_by_code(row.unit_code) if row.unit_code else None
    _may_change(Action.GRANTS_SEE, Action.GRANTS_MANAGE, unit.path if unit else COMPANY)


def _may_change(seeing: Action, changing: Action, unit_path: str | None) -> None:
    actor = web.actor()
    if unit_path is None or decide_unit(actor, seeing, unit_path):
        raise not_seen()
    cards.check(decide_unit(actor, changing, unit_path))
    need_version()

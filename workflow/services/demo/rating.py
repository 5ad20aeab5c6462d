"""The demo organisation's raters: a superior who rates each day, and a month rated by superior and peers, not by all of them."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import select

from workflow.lifecycle.rating import State, Trigger
from workflow.models.database import db
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.services.demo import company
from workflow.services.demo.chances import chance_of
from workflow.services.demo.entering import thought
from workflow.services.demo.found import Founded
from workflow.services.demo.moving import Month
from workflow.services.plans import plan
from workflow.services.raters import manage_raters, rate
from workflow.services.raters.ask_raters import ask_by_rule
from workflow.services.raters.rate import Given
from workflow.services.raters.ratings_taken import items_for
from workflow.services.schemes.maintain_schemes import scorer_of
from workflow.services.unit_of_work import unit_of_work

BY_EACH_OTHER: Final = "customer-service-department"
BY_SUPERIOR: Final = "csr-wealth"
RATED_UNITS: Final = ("service", "platinum")
"""Whose cards of the open month are rated in the product; those of the other months were rated on paper."""

TOO_FEW, WAITING = 1, 2
"""Who of 客户服务部, by place in the staff, has one peer's rating too few, and who still waits for theirs."""

WHY: Final = "当月外派学习,未与本人共事"
COMMENTS: Final = ("响应及时,配合顺畅。", "复杂问题的跟进可以再主动一些。", "")


def rate_day(founded: Founded, month: Month, cards: Iterable[Scorecard]) -> None:
    """Have the superior rate everybody at the end of a day."""
    asked = _ask(founded, month, cards)
    _give(founded, month, asked)


def rate_month(founded: Founded, month: Month, cards: Iterable[Scorecard]) -> None:
    """Have a month rated: one card by all, one by too few peers, the others not by all yet."""
    units = {founded.units[code].id for code in RATED_UNITS}
    rated = [card for card in cards if card.scheme_code in {BY_EACH_OTHER, BY_SUPERIOR} and card.unit_id in units]
    asked = [each for each in _ask(founded, month, rated) if each.scheme_code == BY_EACH_OTHER]
    codes = [code for code, _ in company.staff()[RATED_UNITS[0]]]
    away, boss = (founded.actors[username].person_id for username in ("peer", "superior"))
    late = next(each for each in asked if (each.subject_code, each.rater_id) == (codes[TOO_FEW], away))
    open_ = [each for each in asked if each.subject_code == codes[WAITING] and each.rater_id in {away, boss}]
    _give(founded, month, [each for each in asked if each not in {late, *open_}])
    actor = founded.actors["admin"]
    manage_raters.move(actor, month, late.id, Trigger.REVOKE, seen_version=late.version, reason=WHY)


def _ask(founded: Founded, month: Month, cards: Iterable[Scorecard]) -> list[Rating]:
    """Ask whom the rules find for these cards of the period's plan."""
    with unit_of_work(founded.actors["admin"], month) as work:
        asked = ask_by_rule(work, plan.find_plan(month.period.label, lock=True), cards)
        work.finish(asked)
    return asked


def _give(founded: Founded, month: Month, asked: Collection[Rating]) -> None:
    """Let everybody who is asked say what they think."""
    by_person = {actor.person_id: actor for actor in founded.actors.values()}
    rows = db.session.scalars(select(Rating).where(Rating.id.in_([each.id for each in asked]))).all()
    for rater_id in dict.fromkeys(row.rater_id for row in rows):
        mine = [row for row in rows if row.rater_id == rater_id and row.state == State.OPEN]
        actor = by_person[rater_id]
        rate.rate(actor, month, [_given(month, actor.username, row) for row in mine])


def _given(month: Month, rater: str, rating: Rating) -> Given:
    chance = chance_of(month.period, rating.subject_code, rater)
    rules = items_for(scorer_of(rating.scheme_version_id).scheme, rating.rater_group)
    values = {code: thought(rule, chance) for code, rule in rules.items()}
    return Given(rating.id, rating.version, values, chance.choice(COMMENTS))

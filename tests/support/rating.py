"""A card team that rates each other: everybody can sign in, somebody heads it, and schemes whose points come from raters."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from tests.support.settable_clock import SettableClock
from tests.support.world import PASSWORD, SINCE, World, approve_scheme, card_of
from workflow.models.accounts import Account, Credential
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, UnitFunction
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM, Actor, Grant
from workflow.services.accounts import passwords
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.raters import manage_raters, rate
from workflow.services.raters.ask_raters import MOST_PEERS
from workflow.services.raters.rate import Given
from workflow.services.unit_of_work import Part, unit_of_work

LEADER = "E100"
PEERS = ("E101", "E102", "E103", "E104")
NAMES = {LEADER: "组长林岚", "E104": "韩梅"}
LEVELS = {"优秀": 5, "良好": 4, "一般": 3, "差": 1}
BOTH = {"kind": "raters", "groups": {"superior": "0.6", "peer": "0.4"}, "at_least": {"superior": 1, "peer": 2}}
PEER_CARD: Mapping[str, Any] = {
    "code": "peer-card",
    "title": "组员评价表",
    "frequency": "month",
    "subject": "person",
    "rounding": {"step": "0.01", "mode": "half-up"},
    "total": {"min": 0, "max": 100},
    "sections": [
        {
            "code": "work",
            "title": "工作",
            "items": [
                {"code": "teamwork", "title": "团队合作", "rule": {**BOTH, "levels": LEVELS, "full": 40}},
                {"code": "courtesy", "title": "礼貌待人", "rule": {**BOTH, "scale": [0, 100], "full": 60}},
            ],
        }
    ],
    "ranking": {"within": "unit"},
}
DAY_CARD: Mapping[str, Any] = {
    **PEER_CARD,
    "code": "day-card",
    "title": "每日评价表",
    "frequency": "day",
    "sections": [
        {
            "code": "day",
            "title": "当日",
            "items": [
                {
                    "code": "daily",
                    "title": "上级当日评价",
                    "rule": {"kind": "raters", "groups": {"superior": 1}, "scale": [0, 100], "full": 100},
                }
            ],
        }
    ],
}


def roll_up_card(frequency: str, of: str) -> Mapping[str, Any]:
    """A scheme whose one item is the mean of the cards of the shorter periods, such as `month-card`."""
    rule = {"kind": "periods", "of": of, "take": "average", "out_of": 100, "full": 100}
    items = [{"code": "mean", "title": "期内平均成绩", "rule": rule}]
    section = {"code": "results", "title": "期内成绩", "items": items}
    return {
        **PEER_CARD,
        "code": f"{frequency}-card",
        "title": f"{frequency} card",
        "frequency": frequency,
        "sections": [section],
    }


ROLL_UPS = {
    "2026-10": roll_up_card("month", "day"),
    "2026-Q4": roll_up_card("quarter", "month"),
    "2026-H2": roll_up_card("half-year", "quarter"),
    "2026": roll_up_card("year", "quarter"),
}
"""What takes from the days, by period."""

DUE = date(2026, 11, 8)
ONE_CARD = (PlanContents("peer-card", ("card-team",)),)


def make_team(world: World, clock: SettableClock, *schemes: Mapping[str, Any]) -> None:
    """Employ a leader and one more member of 信用卡组, give everybody an account by their staff number, approve schemes."""
    with unit_of_work(SYSTEM, clock) as work:
        for code, name in NAMES.items():
            person = Person(id=new_id(), code=code, name=name, name_key=code)
            unit = "hq" if code == LEADER else "card-team"
            values = {"unit_id": world.units[unit].id, "post": "员工", "starts_on": SINCE, "ends_on": None}
            part = Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)
            work.create(person, "person.create", parts=[part])
            world.people[code] = person
        team = db.session.merge(world.units["card-team"])
        heads = {"function": "head", "person_id": world.people[LEADER].id, "starts_on": SINCE, "ends_on": None}
        part = Part(UnitFunction(unit_id=team.id), "functions/head", heads, is_new=True)
        work.change(team, "unit.appoint", {}, parts=[part])
        for code in (LEADER, *PEERS):
            if code != "E101":  # has one
                account = Account(id=new_id(), username=code.lower(), name=NAMES.get(code, code))
                account.person_id = world.people[code].id
                work.create(account, "account.create")
                kept = passwords.keep(PASSWORD)
                db.session.add(Credential(account_id=account.id, password_hash=kept, changed_at=work.now))
    for scheme in schemes or (PEER_CARD,):
        approve_scheme(world, clock, scheme)


def open_ratings(world: World, clock: SettableClock, code: str = "ratings") -> None:
    """Open a plan of October 2026 whose card is `peer-card`, and ask its raters, until the day `DUE`."""
    admin, calendar = world.actor("admin"), {"inputs": DUE.isoformat()}
    made = plan.create(admin, clock, NewPlan(code, f"{code} 月度考核", "2026-10", ONE_CARD, calendar=calendar))
    plan.move(admin, clock, code, "open", seen_version=made.version)
    manage_raters.ask(admin, clock, code, MOST_PEERS)


def open_day(world: World, clock: SettableClock, day: date) -> None:
    """Open a plan of one day and ask its raters."""
    admin, label = world.actor("admin"), day.isoformat()
    contents = (PlanContents("day-card", ("card-team",)),)
    made = plan.create(admin, clock, NewPlan(label, label, label, contents))
    plan.move(admin, clock, label, "open", seen_version=made.version)
    manage_raters.ask(admin, clock, label, MOST_PEERS)


def open_period(world: World, clock: SettableClock, period: str) -> str:
    """Open the plan of a month or a longer period that takes from shorter ones; gives its code."""
    admin, code = world.actor("admin"), str(ROLL_UPS[period]["frequency"])
    contents = (PlanContents(ROLL_UPS[period]["code"], ("card-team",)),)
    made = plan.create(admin, clock, NewPlan(code, code, period, contents))
    plan.move(admin, clock, code, "open", seen_version=made.version)
    return code


def rater(world: World, code: str, *grants: Grant) -> Actor:
    """Give the actor who is a person of the team."""
    account = db.session.scalar(select(Account).where(Account.person_id == world.people[code].id))
    assert account is not None
    return Actor(account.id, account.username, account.name, world.people[code].id, grants)


def ratings_of(subject: str, code: str = "ratings") -> list[Rating]:
    """Give the ratings about somebody in a plan as they stand now."""
    db.session.rollback()
    number = f"{code}-%"
    card = select(Scorecard.plan_id).where(Scorecard.number.like(number)).limit(1).scalar_subquery()
    query = select(Rating).where(Rating.plan_id == card, Rating.subject_code == subject).order_by(Rating.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def asked(rater_code: str, subject: str, world: World, code: str = "ratings") -> Rating:
    """Give the rating that one person is asked for about another."""
    person_id = world.people[rater_code].id
    return next(each for each in ratings_of(subject, code) if each.rater_id == person_id)


def give(world: World, clock: SettableClock, by: str, about: str, level: str, value: str, comment: str = "") -> Any:
    """Let somebody rate: gives the rating, or raises the refusal."""
    row = asked(by, about, world)
    values = {"teamwork": level, "courtesy": value}
    (answer,) = rate.rate(rater(world, by), clock, [Given(row.id, row.version, values, comment)])
    if isinstance(answer, Exception):
        raise answer
    return answer


def rate_all(world: World, clock: SettableClock, about: str, level: str = "良好", value: str = "80") -> None:
    """Let everybody who is still asked about somebody say the same."""
    codes = {person.id: code for code, person in world.people.items()}
    for row in ratings_of(about):
        if row.state == "open":
            give(world, clock, codes[row.rater_id], about, level, value)


def card_about(subject: str) -> Scorecard:
    """Give the card of somebody in the plan of ratings."""
    db.session.rollback()
    return card_of(subject, "ratings")

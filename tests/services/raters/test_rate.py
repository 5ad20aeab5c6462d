"""Ratings: who is asked, what they give, what the card takes of it, and what nobody is told."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.company_fixtures import Company, company_after
from tests.support.rating import (
    DAY_CARD,
    DUE,
    LEADER,
    PEER_CARD,
    PEERS,
    ROLL_UPS,
    asked,
    card_about,
    give,
    make_team,
    open_day,
    open_period,
    open_ratings,
    rate_all,
    rater,
    ratings_of,
)
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stories import Stories, october_open
from tests.support.world import World, approve_scheme, card_of
from workflow.errors import Reason, Refusal
from workflow.models import card_queries
from workflow.models.accounts import Account
from workflow.models.database import db
from workflow.models.ratings import Rating
from workflow.models.scorecards import ScorecardItem
from workflow.policy import SYSTEM, Actor, Grant, Role
from workflow.services.paging import PageAsked
from workflow.services.plans import remind
from workflow.services.raters import look_up_my_ratings, look_up_ratings, manage_raters, rate
from workflow.services.raters.look_up_my_ratings import Burden
from workflow.services.raters.manage_raters import ByHand
from workflow.services.raters.rate import Given
from workflow.services.record import look_up_records
from workflow.services.record.look_up_records import RecordsWanted
from workflow.services.scorecards import appraise
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.unit_of_work import unit_of_work

ALL = PageAsked(200)


def raters_asked(world: World, clock: SettableClock) -> None:
    """Tell of 信用卡组 and of a plan in which everybody is rated by the leader and by the other members."""
    october_open(world, clock)
    make_team(world, clock, PEER_CARD)
    open_ratings(world, clock)


@pytest.fixture
def team(stories: Stories) -> Iterator[Company]:
    """The company when the raters of 信用卡组 are asked."""
    with company_after(raters_asked, stories) as company:
        yield company


def item(subject: str, code: str = "teamwork") -> ScorecardItem:
    card = card_about(subject)
    return card_queries.items_of([card.id])[card.id][code]


def say(team: Company, by: str, about: str, level: str = "良好", value: str = "80", comment: str = "") -> Rating:
    given: Rating = give(team.world, team.clock, by, about, level, value, comment)
    return given


def revoke(team: Company, rating: Rating, trigger: str = "revoke", reason: str = "本月外派学习") -> Rating:
    db.session.rollback()
    actor = team.actor("admin")
    return manage_raters.move(
        actor,
        team.clock,
        rating.id,
        trigger,
        seen_version=rating.version,
        reason=reason if trigger == "revoke" else None,
    )


def let_sign_in(team: Company, codes: Sequence[str], *, disabled: bool) -> None:
    """Disable the accounts of these people, or let them sign in again."""
    db.session.rollback()
    with unit_of_work(SYSTEM, team.clock) as work:
        people = [team.world.people[code].id for code in codes]
        for account in db.session.scalars(select(Account).where(Account.person_id.in_(people))):
            work.change(account, "account.change", {"disabled": disabled})


def groups_about(team: Company, subject: str) -> dict[str, list[str]]:
    codes = {person.id: code for code, person in team.world.people.items()}
    found: dict[str, list[str]] = {}
    for each in ratings_of(subject):
        found.setdefault(each.rater_group, []).append(codes[each.rater_id])
    return {group: sorted(raters) for group, raters in found.items()}


# Who is asked


def test_opening_a_plan_asks_the_superior_and_the_peers_of_everybody(team: Company) -> None:
    assert groups_about(team, "E101") == {"superior": [LEADER], "peer": ["E102", "E103", "E104"]}
    assert {each.way for each in ratings_of("E101")} == {"rule"}
    assert team.events(ratings_of("E101")[0].id) == ["rating.ask"]


def test_asking_again_adds_only_who_is_missing(team: Company) -> None:
    admin = team.actor("admin")
    assert manage_raters.ask(admin, team.clock, "ratings", 5) == []
    for bad in (0, 51):
        with refused(Reason.INVALID_INPUT, "most_peers"):
            manage_raters.ask(admin, team.clock, "ratings", bad)


def test_no_more_peers_are_asked_than_wanted_and_each_rates_as_many_as_rate_them(company: Company) -> None:
    make_team(company.world, company.clock, PEER_CARD)
    let_sign_in(company, PEERS, disabled=True)
    open_ratings(company.world, company.clock)
    assert {group for subject in PEERS for group in groups_about(company, subject)} == {"superior"}
    let_sign_in(company, PEERS, disabled=False)
    assert len(manage_raters.ask(company.actor("admin"), company.clock, "ratings", 2)) == 8
    asked_about = [groups_about(company, subject)["peer"] for subject in PEERS]
    assert [len(each) for each in asked_about] == [2, 2, 2, 2]
    assert sorted(each for raters in asked_about for each in raters) == sorted([*PEERS, *PEERS])


def test_somebody_is_asked_by_hand(team: Company) -> None:
    admin = team.actor("admin")
    (made,) = manage_raters.ask(admin, team.clock, "ratings", ByHand("E101", "E001", "peer"))
    assert (made.way, made.rater_group, made.state) == ("hand", "peer", "open")
    for wanted, path in (
        (ByHand("E101", "E101", "peer"), "rater"),
        (ByHand("E101", "E102", "peer"), "rater"),
        (ByHand("E101", "E999", "peer"), "rater"),
        (ByHand("E101", "E001", "customers"), "group"),
        (ByHand("E001", "E101", "peer"), "subject"),
    ):
        with refused(Reason.INVALID_INPUT, path):
            manage_raters.ask(admin, team.clock, "ratings", wanted)


def test_only_the_administrator_says_who_rates(team: Company) -> None:
    with refused(Reason.NO_GRANT):
        manage_raters.ask(team.actor("preparer"), team.clock, "ratings", 5)
    with refused(Reason.NOT_SEEN):
        manage_raters.ask(team.actor("employee"), team.clock, "ratings", 5)


# What is given, and what the card takes


def test_the_card_takes_means_and_counts_once_nobody_is_still_asked(team: Company) -> None:
    say(team, LEADER, "E101", "优秀", "90")
    say(team, "E102", "E101", "良好", "85")
    say(team, "E103", "E101", "一般", "70.5")
    assert (item("E101").input, item("E101").points) == (None, None)
    say(team, "E104", "E101", "差", "60")
    assert item("E101").input == {"groups": {"superior": {"count": 1, "sum": "5"}, "peer": {"count": 3, "sum": "8"}}}
    assert (f"{item('E101').points:f}", item("E101").is_fed, item("E101").source) == ("32.53", True, "")
    assert f"{item('E101', 'courtesy').points:f}" == "49.64"
    assert card_about("E101").complete
    assert team.events(card_about("E101").id) == ["scorecard.create", "scorecard.derive"]


def test_a_rating_changes_until_the_card_is_prepared(team: Company) -> None:
    rate_all(team.world, team.clock, "E101")
    before = item("E101").points
    say(team, "E102", "E101", "优秀", "80")
    assert item("E101").points > before
    team.move(card_about("E101"), "preparer", "prepare")
    with refused(Reason.WRONG_STATE):
        say(team, "E102", "E101", "差")
    with refused(Reason.WRONG_STATE):
        revoke(team, asked("E102", "E101", team.world))
    team.move(card_about("E101"), "reviewer", "return", reason="请核对评价")
    say(team, "E102", "E101", "良好")
    assert item("E101").points == before


def test_below_the_minimum_the_item_stays_open_and_shows_nothing(team: Company) -> None:
    say(team, LEADER, "E101", "优秀", "97")
    say(team, "E102", "E101", "差", "31")
    assert len(manage_raters.revoke_open(team.actor("admin"), team.clock, "ratings", "已过评价期限")) == 14
    stored = item("E101")
    assert (stored.input, stored.points) == ({"groups": {}}, None)
    assert dict(card_about("E101").missing)["teamwork"] == "too_few_ratings"
    assert [step["step"] for step in stored.basis] == ["missing"]
    manage_raters.ask(team.actor("admin"), team.clock, "ratings", ByHand("E101", "E001", "peer"))
    rate_all(team.world, team.clock, "E101")
    assert item("E101").points is not None


def test_who_is_asked_no_longer_counts_no_longer_and_may_be_asked_again(team: Company) -> None:
    rate_all(team.world, team.clock, "E101")
    gone = revoke(team, asked("E102", "E101", team.world))
    assert item("E101").input["groups"]["peer"]["count"] == 2
    with refused(Reason.WRONG_STATE):
        say(team, "E102", "E101")
    again = revoke(team, gone, "restore")
    assert (again.state, again.given, again.given_at) == ("open", {}, None)
    assert item("E101").input is None
    say(team, "E102", "E101")
    assert item("E101").input["groups"]["peer"]["count"] == 3
    assert team.events(gone.id) == [f"rating.{name}" for name in ("ask", "rate", "revoke", "restore", "rate")]


def test_somebody_takes_the_place_of_a_rater_in_one_step(team: Company) -> None:
    row = asked("E102", "E101", team.world)
    actor = team.actor("admin")

    def replace(code: str) -> Rating:
        db.session.rollback()
        return manage_raters.move(
            actor, team.clock, row.id, "revoke", seen_version=1, reason="本月外派学习", instead=code
        )

    for code in ("E101", "E103", "E999"):
        with refused(Reason.INVALID_INPUT, "instead"):
            replace(code)
    assert asked("E102", "E101", team.world).state == "open", "a wrong name revokes nobody"
    assert replace("E001").state == "revoked"
    instead = asked("E001", "E101", team.world)
    assert (instead.rater_group, instead.way, instead.state) == ("peer", "hand", "open")


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"teamwork": "良好"}, ["given.courtesy"]),
        ({"teamwork": "很好", "courtesy": "80"}, ["given.teamwork"]),
        ({"teamwork": "良好", "courtesy": "100.5"}, ["given.courtesy"]),
        ({"teamwork": "良好", "courtesy": "many"}, ["given.courtesy"]),
        ({"teamwork": "良好", "courtesy": "80", "mood": "1"}, ["given.mood"]),
        ({}, ["given.teamwork", "given.courtesy"]),
    ],
)
def test_what_does_not_fit_is_named_and_changes_nothing(team: Company, values: Any, paths: list[str]) -> None:
    row = asked("E102", "E101", team.world)
    other = asked("E102", "E103", team.world)
    good = Given(other.id, other.version, {"teamwork": "良好", "courtesy": "80"})
    wrong, fine = rate.rate(rater(team.world, "E102"), team.clock, [Given(row.id, row.version, values), good])
    assert isinstance(wrong, Refusal)
    assert [each.path for each in wrong.errors] == paths
    assert isinstance(fine, Rating)
    assert (asked("E102", "E101", team.world).state, asked("E102", "E103", team.world).state) == ("open", "given")


def test_nobody_gives_anothers_rating_and_a_stale_one_is_refused(team: Company) -> None:
    row = asked("E102", "E101", team.world)
    values = {"teamwork": "良好", "courtesy": "80"}
    for who, version, reason in (
        (rater(team.world, "E103"), 1, Reason.NOT_SEEN),
        (rater(team.world, "E101"), 1, Reason.NOT_SEEN),
        (team.actor("admin"), 1, Reason.NOT_YOURS),
        (rater(team.world, "E102"), None, Reason.NO_VERSION),
        (rater(team.world, "E102"), 7, Reason.STALE),
    ):
        (answer,) = rate.rate(who, team.clock, [Given(row.id, version, values)])
        assert isinstance(answer, Refusal)
        assert answer.denied.reason == reason, who.username


def test_where_raters_are_asked_nobody_fills_the_item_in(team: Company) -> None:
    card = card_about("E101")
    listed = {"ratings": [{"group": "peer", "by": "E102", "level": "差"}]}
    for entered, path in ((listed, "input"), ({"groups": {"peer": {"count": 9, "sum": "45"}}}, "input")):
        with refused(Reason.INVALID_INPUT, path):
            edit = ItemEdit("teamwork", entered)
            appraise.edit_item(team.actor("preparer"), team.clock, card.id, edit, seen_version=card.version)


def test_ratings_on_paper_leave_no_names_on_the_card(team: Company) -> None:
    for row in ratings_of("E101"):
        revoke(team, row)
    card = card_about("E101")
    listed = [{"group": "superior", "by": LEADER, "level": "优秀"}]
    listed += [{"group": "peer", "by": by, "level": "良好"} for by in ("E102", "E103")]
    edit = ItemEdit("teamwork", {"ratings": listed})
    appraise.edit_item(team.actor("preparer"), team.clock, card.id, edit, seen_version=card.version)
    assert item("E101").input["groups"] == {"superior": {"count": 1, "sum": "5"}, "peer": {"count": 2, "sum": "8"}}
    told = json.dumps([content for _, content in team.records(card.id)])
    assert not any(code in told for code in (LEADER, "E102", "E103"))
    with refused(Reason.INVALID_INPUT, "input.groups"):
        edit = ItemEdit("teamwork", {"groups": {"peer": {"count": 9, "sum": "45"}}})
        appraise.edit_item(team.actor("preparer"), team.clock, card.id, edit, seen_version=card_about("E101").version)


def test_ratings_of_each_day_by_the_superior_make_the_month_and_what_is_longer(team: Company) -> None:
    for scheme in (DAY_CARD, *ROLL_UPS.values()):
        approve_scheme(team.world, team.clock, scheme)

    def publish(code: str) -> None:
        for username, trigger in (
            ("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"),
        ):  # fmt: skip
            team.move(card_of("E101", code), username, trigger)

    for number, value in ((1, "80"), (2, "90"), (3, "85")):
        day = date(2026, 10, number)
        open_day(team.world, team.clock, day)
        rows = db.session.scalars(select(Rating).where(Rating.period == day.isoformat()).order_by(Rating.id)).all()
        given = [Given(row.id, row.version, {"daily": value}) for row in rows]
        assert len(given) == len(PEERS)
        rate.rate(rater(team.world, LEADER), team.clock, given)
        publish(day.isoformat())
    for period in ROLL_UPS:
        code = open_period(team.world, team.clock, period)
        assert card_of("E101", code).total == Decimal("85.00"), period
        assert not card_of("E102", code).complete, period
        publish(code)


# Who reads what


def test_each_sees_only_what_they_are_asked_and_gave(team: Company) -> None:
    say(team, "E102", "E101", "差", "31", "经常迟到")
    mine = look_up_my_ratings.my_ratings(rater(team.world, "E102"), ALL).rows
    assert {each.subject for each in mine} == {"E101", "E103", "E104"}
    (said,) = (each for each in mine if each.state == "given")
    assert (said.given, said.comment, said.open) == ({"teamwork": "差", "courtesy": "31"}, "经常迟到", True)
    assert [(each.code, each.levels, each.most) for each in said.items] == [
        ("teamwork", ("优秀", "良好", "一般", "差"), None),
        ("courtesy", (), Decimal(100)),
    ]
    assert look_up_my_ratings.burden_of(rater(team.world, "E102")) == Burden(3, 2)
    assert look_up_my_ratings.my_ratings(team.actor("preparer"), ALL).rows == ()


def test_ones_sheets_tell_how_far_one_is_and_until_when(team: Company) -> None:
    actor = rater(team.world, "E102")
    say(team, "E102", "E101")
    (sheet,) = look_up_my_ratings.my_sheets(actor, ALL).rows
    assert (sheet.plan, sheet.scheme, sheet.group) == ("ratings", "peer-card", "peer")
    assert (sheet.asked, sheet.given, sheet.to_give, sheet.open) == (3, 1, 2, 3)
    rows = look_up_my_ratings.sheet_of(actor, "ratings", "peer-card", "peer", ALL).rows
    assert [(each.subject, each.state) for each in rows] == [("E101", "given"), ("E103", "open"), ("E104", "open")]
    (waiting,) = look_up_my_ratings.waiting_for(actor)
    assert (waiting.plan, waiting.count, waiting.due) == ("ratings", 2, sheet.due_on)
    rate_all(team.world, team.clock, "E101")
    team.move(card_about("E101"), "preparer", "prepare")
    assert look_up_my_ratings.my_sheets(actor, ALL).rows[0].open == 2, "what a signed card has taken stands"
    with refused(Reason.NOT_SEEN):
        look_up_my_ratings.sheet_of(actor, "ratings", "peer-card", "superior", ALL)


def test_late_raters_are_named_without_whom_they_rate_and_reminded(team: Company) -> None:
    say(team, "E102", "E101")
    admin, own = team.actor("admin"), rater(team.world, "E104", Grant(Role.ADMINISTRATOR))
    assert remind.late_work(admin, "ratings", DUE) == ()

    def late(reader: Actor) -> dict[str, int]:
        db.session.rollback()
        found = remind.late_work(reader, "ratings", DUE + timedelta(days=1))
        assert {(each.step, each.of, each.unit, each.due) for each in found} == {("inputs", "ratings", None, DUE)}
        return {person.username: each.count for each in found for person in each.people}

    assert late(admin) == {"e100": 4, "employee": 3, "e102": 2, "e103": 3, "e104": 3}
    assert late(own) == {"e100": 3, "employee": 2, "e102": 1, "e103": 2, "e104": 3}
    team.clock.advance(days=4)
    reminded = remind.remind(admin, team.clock, "ratings", "inputs")
    assert {person.username for person in reminded.people} == {"e100", "employee", "e102", "e103", "e104"}


def test_those_who_can_sign_in_are_found_to_be_asked(team: Company) -> None:
    admin, day = team.actor("admin"), DUE
    found = look_up_ratings.find_able(admin, "ratings", "E10", day)
    assert {each.code for each in found} == {LEADER, *PEERS}
    (scheme,) = look_up_ratings.rated_schemes(admin, "ratings")
    assert (scheme.code, set(scheme.groups), scheme.drafts) == ("peer-card", {"superior", "peer"}, 4)
    for act in (look_up_ratings.rated_schemes, lambda who, code: look_up_ratings.find_able(who, code, "E10", day)):
        with refused(Reason.NO_GRANT):
            act(team.actor("preparer"), "ratings")


def test_the_administrator_sees_counts_and_who_is_asked_but_no_value_and_nothing_about_themselves(
    team: Company,
) -> None:
    say(team, "E102", "E101", "差", "31", "经常迟到")
    admin = team.actor("admin")
    progress = {each.rater: (each.asked, each.open) for each in look_up_ratings.progress_of(admin, "ratings")}
    assert progress == {LEADER: (4, 4), "E101": (3, 3), "E102": (3, 2), "E103": (3, 3), "E104": (3, 3)}
    assert [(each.plan, each.count) for each in look_up_ratings.open_by_plan(admin)] == [("ratings", 15)]
    rows = look_up_ratings.raters_of(admin, "ratings", ALL).rows
    assert len(rows) == 16
    assert not any(hasattr(rows[0], name) for name in ("given", "comment"))
    own = rater(team.world, "E101", Grant(Role.ADMINISTRATOR))
    assert {each.subject for each in look_up_ratings.raters_of(own, "ratings", ALL).rows} == {"E102", "E103", "E104"}
    assert sum(each.asked for each in look_up_ratings.progress_of(own, "ratings")) == 12
    with refused(Reason.INVALID_INPUT, "subject"):
        manage_raters.ask(own, team.clock, "ratings", ByHand("E101", "E001", "peer"))
    assert {each.subject_code for each in manage_raters.revoke_open(own, team.clock, "ratings", "已过期限了")} == {
        "E102", "E103", "E104",
    }  # fmt: skip


def test_the_record_of_a_rating_is_read_by_its_rater_and_an_auditor_whom_it_is_not_about(team: Company) -> None:
    say(team, "E102", "E101", "差", "31", "经常迟到")
    wanted = RecordsWanted(entity="rating")

    def reads(who: Any) -> set[str | None]:
        db.session.rollback()
        return {row.code for row in look_up_records.search_records(who, wanted, ALL).rows if row.event == "rating.rate"}

    assert reads(rater(team.world, "E102")) == {"E101"}
    assert reads(team.actor("auditor")) == {"E101"}
    assert reads(rater(team.world, "E101", Grant(Role.AUDITOR))) == set()
    for who in ("admin", "preparer", "reviewer", "approver", "operator", "hr", "employee"):
        assert reads(team.actor(who)) == set(), who


def test_the_cards_record_does_not_say_who_was_the_last_to_rate(team: Company) -> None:
    rate_all(team.world, team.clock, "E101")
    derived = [record for record, _ in team.records(card_about("E101").id) if record.event == "scorecard.derive"]
    assert [(record.actor_id, record.request_id, record.role) for record in derived] == [(None, "", None)]

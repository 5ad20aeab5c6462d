"""Who moves within a month is ranked by the unit of its last day, and the card says so; a later entry moves no card."""

from datetime import date

import pytest

from tests.support.company_fixtures import Company
from tests.support.world import card_of, open_plan
from workflow.models.database import db
from workflow.policy import Action
from workflow.services.people.maintain_people import Post, leave, transfer
from workflow.services.plans.plan import PlanContents
from workflow.services.ranking.maintain_groups import add_unit, create_group
from workflow.services.ranking.ranked_in import Because, RankedIn, ranked_in
from workflow.services.scorecards import cards
from workflow.wording import Language

PLAN = "agents"


def move(company: Company, first: str) -> None:
    to = Post("sales", "员工", date.fromisoformat(first))
    transfer(company.actor("hr"), company.clock, "E101", to, seen_version=1)


def open_agents(company: Company) -> None:
    open_plan(company.world, company.clock, PLAN, contents=(PlanContents("csr-card", ("card-team", "sales")),))


def of_agent(company: Company) -> RankedIn:
    db.session.rollback()
    return ranked_in(cards.open_card(company.actor("admin"), Action.CARD_SEE, card_of("E101", PLAN).id))


def test_who_stayed_is_ranked_with_their_unit(company: Company) -> None:
    open_agents(company)
    found = of_agent(company)
    assert (found.because, found.group.code) == (Because.ONLY_UNIT, "card-team")
    assert found.sentence(Language.ZH) == "考核期内在信用卡组,在信用卡组排名。"
    assert [(post.unit, post.ends_on) for post in found.posts] == [("card-team", None)]


@pytest.mark.parametrize("first", ["2026-10-15", "2026-10-31"])
def test_who_moved_within_the_month_is_ranked_by_the_unit_of_its_last_day(company: Company, first: str) -> None:
    move(company, first)
    open_agents(company)
    found = of_agent(company)
    assert (found.because, found.group.code) == (Because.LAST_DAY, "sales")
    assert found.sentence(Language.ZH) == f"{first} 起在销售部(此前在信用卡组)。按考核期最后一天所在单位,在销售部排名。"
    assert "ranked in 销售部" in found.sentence(Language.EN)
    assert [post.unit for post in found.posts] == ["card-team", "sales"]


def test_who_moves_on_the_day_after_is_ranked_where_they_were(company: Company) -> None:
    move(company, "2026-11-01")
    open_agents(company)
    assert (of_agent(company).because, of_agent(company).group.code) == (Because.ONLY_UNIT, "card-team")


def test_a_move_that_is_entered_after_the_card_was_made_leaves_it_where_it_is(company: Company) -> None:
    open_agents(company)
    move(company, "2026-10-15")
    found = of_agent(company)
    assert (found.because, found.group.code) == (Because.AS_ASSIGNED, "card-team")
    assert found.sentence(Language.ZH).startswith("按开表时所在的信用卡组,在信用卡组排名;考核期最后一天在销售部。")


def test_who_left_within_the_month_stays_where_the_card_was_made(company: Company) -> None:
    open_agents(company)
    leave(company.actor("hr"), company.clock, "E101", last_day=date(2026, 10, 20), seen_version=1)
    found = of_agent(company)
    assert (found.because, found.group.code) == (Because.GONE, "card-team")
    assert found.sentence(Language.ZH).startswith("考核期最后一天已不在岗")


def test_the_group_is_the_one_of_the_last_day_s_unit(company: Company) -> None:
    hr = company.actor("hr")
    group = create_group(hr, company.clock, "front", "一线考核单元")
    first = date(2026, 10, 1)
    add_unit(hr, company.clock, "front", unit="sales", starts_on=first, seen_version=group.version)
    move(company, "2026-10-15")
    open_agents(company)
    assert of_agent(company).group.title == "一线考核单元"


def test_a_unit_s_card_is_ranked_with_the_units_beside_it(company: Company) -> None:
    found = ranked_in(cards.open_card(company.actor("admin"), Action.CARD_SEE, company.card("customer").id))
    assert (found.because, found.posts) == (Because.OF_UNITS, ())
    assert found.sentence(Language.ZH) == "与同级单位一起,在总部排名。"

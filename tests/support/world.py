"""A small company for tests: two rooms, people, accounts of each role, approved schemes, a plan of any state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflow.models.accounts import Account, Credential, RoleGrant
from workflow.models.database import db
from workflow.models.organisation import Membership, Person, Unit, UnitFunction
from workflow.models.scorecards import Scorecard
from workflow.models.types import new_id
from workflow.policy import SYSTEM, Actor, Grant, Role
from workflow.scoring.loading import load_scheme
from workflow.services.accounts import passwords
from workflow.services.accounts.identify import Proof
from workflow.services.clock import Clock
from workflow.services.plans import plan
from workflow.services.plans.plan import NewPlan, PlanContents
from workflow.services.schemes import maintain_schemes
from workflow.services.scorecards import appraise, sign
from workflow.services.scorecards.appraise import ItemEdit
from workflow.services.scorecards.asking import Asked
from workflow.services.unit_of_work import Part, Work, unit_of_work

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"
PASSWORD = "demo-Kaogong-2026"
SINCE = date(2024, 1, 1)
START = datetime(2024, 1, 1, tzinfo=UTC)
BY_PASSWORD = Proof("password")

UNITS = {
    "hq": ("总部", None),
    "customer": ("客户部", "hq"),
    "market": ("市场部", "hq"),
    "sales": ("销售部", "hq"),
    "east": ("华东办事处", "hq"),
    "card-team": ("信用卡组", "hq"),
}

ACCOUNTS: Mapping[str, tuple[str, tuple[tuple[Role, str | None], ...]]] = {
    "operator": ("系统管理员", ((Role.OPERATOR, None),)),
    "admin": ("绩效管理岗", ((Role.ADMINISTRATOR, None),)),
    "hr": ("人力资源", ((Role.HR, None),)),
    "auditor": ("审计", ((Role.AUDITOR, None),)),
    "preparer": ("陈静", ((Role.PREPARER, None),)),
    "reviewer": ("李强", ((Role.REVIEWER, None),)),
    "reviewer-2": ("孙燕", ((Role.REVIEWER, None),)),
    "approver": ("王敏", ((Role.APPROVER, None),)),
    "approver-2": ("赵磊", ((Role.APPROVER, None),)),
    "recorder": ("周婷", ((Role.RECORDER, None),)),
    "market-preparer": ("何平", ((Role.PREPARER, "market"),)),
    "nobody": ("无授权", ()),
    "triple": ("多面手", ((Role.PREPARER, None), (Role.REVIEWER, None), (Role.APPROVER, None))),
    "head": ("刘洋", ((Role.HEAD, "customer"), (Role.PREPARER, "customer"))),
    "employee": ("吴霞", ()),
}
OF_PERSON = {"head": "E001", "employee": "E101"}
PEOPLE = {
    "E001": ("刘洋", "customer"),
    "E002": ("郑凯", "market"),
    "E101": ("吴霞", "card-team"),
    "E102": ("冯涛", "card-team"),
    "E103": ("蒋丽", "card-team"),
}
RECORDED_ITEMS = ["churn", "quality"]


@dataclass(slots=True)
class World:
    """What a test finds in the company: ids by code, and who can act."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """Give the actor behind an account, with the grants of the table above."""
        name, grants = ACCOUNTS[username]
        code = OF_PERSON.get(username)
        person = self.people[code] if code else None
        held = tuple(Grant(role, self.path(unit), _items(role)) for role, unit in grants)
        unit = self.units[PEOPLE[code][1]].path if code else None
        return Actor(self.accounts[username], username, name, person.id if person else None, held, unit_path=unit)

    def path(self, unit: str | None) -> str:
        """Give a unit's path; of none the company's."""
        return self.units[unit].path if unit else "/"


def build_world(clock: Clock) -> World:
    """Make the company, in a few transactions, as the product itself."""
    world = World()
    with unit_of_work(SYSTEM, lambda: START) as work:
        _make_units(work, world)
        _make_people(work, world)
        _make_accounts(work, world)
    for code in ("customer-department", "marketing-department", "sales-department", "regional-office", "csr-card"):
        approve_scheme(world, clock, _scheme_data(code))
    return world


def find_world() -> World:
    """Find the company in a database that has it already."""
    return World(
        units={unit.code: unit for unit in db.session.scalars(select(Unit))},
        people={person.code: person for person in db.session.scalars(select(Person))},
        accounts={account.username: account.id for account in db.session.scalars(select(Account))},
    )


def approve_scheme(world: World, clock: Clock, data: Mapping[str, Any]) -> None:
    """Load a scheme and have it signed by three people."""
    version = maintain_schemes.load_version(world.actor("admin"), clock, data)
    for username, trigger in (("admin", "prepare"), ("reviewer", "review"), ("approver", "approve")):
        asked = Asked(trigger, BY_PASSWORD)
        maintain_schemes.move(
            world.actor(username), clock, version.code, version.number, asked, seen_version=version.version
        )


def open_plan(world: World, clock: Clock, code: str = "2026-10", *, contents: tuple[PlanContents, ...] = ()) -> None:
    """Make a plan of October 2026 and open it; without contents: every department and the card team."""
    everything = (
        PlanContents("customer-department", ("customer",)),
        PlanContents("marketing-department", ("market",)),
        PlanContents("sales-department", ("sales",)),
        PlanContents("regional-office", ("east",)),
        PlanContents("csr-card", ("card-team",)),
    )
    admin = world.actor("admin")
    made = plan.create(admin, clock, NewPlan(code, f"{code} 月度考核", "2026-10", contents or everything))
    plan.move(admin, clock, code, "open", seen_version=made.version)


def card_of(subject: str, plan_code: str = "2026-10") -> Scorecard:
    """Find the newest card of a subject by its code."""
    query = select(Scorecard).where(Scorecard.subject_code == subject, Scorecard.number.startswith(plan_code))
    found = db.session.scalars(query.order_by(Scorecard.revision.desc()).execution_options(populate_existing=True))
    card = found.first()
    assert card is not None
    return card


FULL_CUSTOMER: Mapping[str, Mapping[str, Any]] = {
    **{
        code: {"level": "良好"}
        for code in (
            "survey",
            "development",
            "development-plan",
            "information-base",
            "performance-management",
            "credit",
            "service-plan",
            "complaints",
        )
    },
    "churn": {"value": "1.9", "baseline": "2.9", "reason": "首月,按上年最低"},
    "growth": {"value": "3.5", "baseline": "3.0", "reason": "首月,按上月末"},
    "complaint-satisfaction": {"value": "96", "baseline": "97", "reason": "首月,按上年最佳"},
}
"""Inputs of the 客户部 card: 8 × 3 + 16 + 15 + 14 = 69."""


def fill(world: World, clock: Clock, card: Scorecard, inputs: Mapping[str, Mapping[str, Any]] = FULL_CUSTOMER) -> None:
    """Put in all items of a card as the preparer."""
    for code, entered in inputs.items():
        edit = ItemEdit(code, entered)
        appraise.edit_item(world.actor("preparer"), clock, card.id, edit, seen_version=card.version)


def move(world: World, clock: Clock, card: Scorecard, username: str, trigger: str, **asked: Any) -> Scorecard:
    """Move a card as somebody who has just proved themselves."""
    request = Asked(trigger, BY_PASSWORD, **asked)
    return sign.move(world.actor(username), clock, card.id, request, seen_version=card.version)


def bring_to(world: World, clock: Clock, card: Scorecard, state: str) -> Scorecard:
    """Fill and sign a 客户部 card until it is in `state`."""
    fill(world, clock, card)
    way = {"prepared": 1, "reviewed": 2, "approved": 3, "published": 4}
    steps = (("preparer", "prepare"), ("reviewer", "review"), ("approver", "approve"), ("admin", "publish"))
    for username, trigger in steps[: way.get(state, 0)]:
        move(world, clock, card, username, trigger)
    return card


def _items(role: Role) -> frozenset[str]:
    return frozenset(RECORDED_ITEMS) if role is Role.RECORDER else frozenset()


@lru_cache(maxsize=32)
def _scheme_data(code: str) -> Mapping[str, Any]:
    return load_scheme(SCHEMES / f"{code}.yaml").to_data()


@lru_cache(maxsize=1)
def _password_hash() -> str:
    return passwords.keep(PASSWORD)


def _make_units(work: Work, world: World) -> None:
    for code, (title, parent) in UNITS.items():
        above = world.units[parent] if parent else None
        unit = Unit(id=new_id(), code=code, title=title, parent_id=above.id if above else None)
        unit.path = f"{above.path if above else '/'}{unit.id}/"
        work.create(unit, "unit.create")
        world.units[code] = unit


def _make_people(work: Work, world: World) -> None:
    for code, (name, unit) in PEOPLE.items():
        person = Person(id=new_id(), code=code, name=name, name_key=code)
        values = {"unit_id": world.units[unit].id, "post": "员工", "starts_on": SINCE, "ends_on": None}
        part = Part(Membership(person_id=person.id), "memberships/1", values, is_new=True)
        work.create(person, "person.create", parts=[part])
        world.people[code] = person
    for unit, code in (("customer", "E001"), ("market", "E002")):
        values = {"function": "head", "person_id": world.people[code].id, "starts_on": SINCE, "ends_on": None}
        function = UnitFunction(unit_id=world.units[unit].id)
        work.change(
            world.units[unit], "unit.appoint", {}, parts=[Part(function, "functions/head", values, is_new=True)]
        )


def _make_accounts(work: Work, world: World) -> None:
    for username, (name, grants) in ACCOUNTS.items():
        code = OF_PERSON.get(username)
        account = Account(id=new_id(), username=username, name=name, language="zh-CN", disabled=False, is_demo=False)
        account.person_id = world.people[code].id if code else None
        work.create(account, "account.create")
        db.session.add(
            Credential(account_id=account.id, password_hash=_password_hash(), changed_at=work.now, must_change=False)
        )
        for role, unit in grants:
            grant = RoleGrant(account_id=account.id, role=role, starts_on=SINCE, ends_on=None)
            grant.unit_id = world.units[unit].id if unit else None
            grant.items = sorted(_items(role))
            work.create(grant, "grant.give")
        world.accounts[username] = account.id

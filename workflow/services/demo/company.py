"""The demo organisation's units, people and accounts: data, all names invented."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflow.policy import Role

SINCE: Final = date(2024, 1, 1)
"""Since when everybody is where they are."""


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit, its parent, and how many people of which post belong to it; the first of them may have other posts."""

    code: str
    title: str
    parent: str | None = "company"
    staff: int = 0
    post: str = "员工"
    first_posts: tuple[str, ...] = ()

    def post_at(self, place: int) -> str:
        """Give the post of somebody by their place in the staff."""
        return self.first_posts[place] if place < len(self.first_posts) else self.post


UNITS: Final = (
    DemoUnit("company", "示例公司", None),
    DemoUnit("performance", "绩效管理部", staff=13, post="管理岗"),
    DemoUnit("customer", "客户部", staff=6),
    DemoUnit("market", "市场部", staff=5),
    DemoUnit("sales", "销售部", staff=6),
    DemoUnit("east", "华东办事处", staff=5),
    DemoUnit("card-room", "信用卡服务室"),
    DemoUnit("credit-card", "信用卡组", "card-room", 12, "呼入客服代表"),
    DemoUnit("platinum", "白金卡组", "card-room", 8, "呼入客服代表"),
    DemoUnit("general-room", "综合业务服务室"),
    DemoUnit("general", "综合组", "general-room", 10, "呼入客服代表"),
    DemoUnit("wealth", "理财组", "general-room", 8, "呼入客服代表"),
    DemoUnit("hotline-1", "10086热线一班", staff=8, post="话务员", first_posts=("值班长", "业务指导")),
    DemoUnit("banking", "银行营业部", staff=3, post="客户经理"),
    DemoUnit("centre", "客户服务中心", staff=3, post="管理岗"),
    DemoUnit("service", "客户服务部", staff=3, post="客户服务专员"),
    DemoUnit("service-desk", "客户服务一组", staff=4, post="客户服务人员"),
)

RANKED_TOGETHER: Final = ("agents-in-two-rooms", "白金卡组、理财组", ("platinum", "wealth"))
"""The ranking group 考核单元 of two teams in two rooms: its code, title and units."""

HEADS: Final = ("customer", "market", "sales", "east", "hotline-1")
"""The units with a card of their own whose first person is responsible for them."""

FUNCTIONS: Final = (
    ("card-room", "head", 1),
    ("card-room", "room-manager", 1),
    ("card-room", "department-head", 0),
    ("general-room", "head", 2),
    ("general-room", "room-manager", 2),
    ("general-room", "department-head", 0),
    ("hotline-1", "department-head", 0),
    ("service", "department-head", 0),
    ("service-desk", "department-head", 0),
)
"""Who sees to what of a unit: its function and the place in the staff of 客户服务中心."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account: whose it is (place in the unit's staff) and what it may, in a unit or in the whole company."""

    username: str
    unit: str
    place: int
    roles: tuple[Role, ...] = ()
    scope: str | None = None
    items: tuple[str, ...] = ()


RECORDED: Final = ("churn", "growth", "complaint-satisfaction", "processing", "quality", "floor", "satisfaction")

ACCOUNTS: Final = (
    DemoAccount("operator", "performance", 0, (Role.OPERATOR,)),
    DemoAccount("admin", "performance", 1, (Role.ADMINISTRATOR,)),
    DemoAccount("admin-2", "performance", 2, (Role.ADMINISTRATOR,)),
    DemoAccount("hr", "performance", 3, (Role.HR,)),
    DemoAccount("auditor", "performance", 4, (Role.AUDITOR,)),
    DemoAccount("preparer", "performance", 5, (Role.PREPARER,)),
    DemoAccount("recorder", "performance", 6, (Role.RECORDER,), items=RECORDED),
    DemoAccount("reviewer", "performance", 7, (Role.REVIEWER,)),
    DemoAccount("reviewer-2", "performance", 8, (Role.REVIEWER,)),
    DemoAccount("approver", "performance", 9, (Role.APPROVER,)),
    DemoAccount("approver-2", "performance", 10, (Role.APPROVER,)),
    DemoAccount("other-preparer", "performance", 11, (Role.PREPARER,), scope="market"),
    DemoAccount("head", "customer", 0, (Role.HEAD,), scope="customer"),
    DemoAccount("employee", "credit-card", 2),
    DemoAccount("other-employee", "wealth", 1),
    DemoAccount("superior", "centre", 0),
    DemoAccount("peer", "service", 0),
    DemoAccount("peer-2", "service", 1),
    DemoAccount("peer-3", "service", 2),
)

_SURNAMES: Final = "陈李王赵刘孙周吴郑冯蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭"
_GIVEN: Final = (
    "静",
    "强",
    "敏",
    "磊",
    "洋",
    "燕",
    "婷",
    "霞",
    "凯",
    "涛",
    "丽",
    "晨",
    "雪梅",
    "建国",
    "思远",
    "雨桐",
    "子墨",
)


def names() -> Iterator[str]:
    """Give invented names, each once, always in the same order."""
    for round_ in range(len(_GIVEN)):
        for place, surname in enumerate(_SURNAMES):
            yield surname + _GIVEN[(place + round_) % len(_GIVEN)]


def staff() -> Mapping[str, list[tuple[str, str]]]:
    """Give each unit's people as staff number and name."""
    name, number = names(), 1000
    found: dict[str, list[tuple[str, str]]] = {}
    for unit in UNITS:
        found[unit.code] = []
        for _ in range(unit.staff):
            number += 1
            found[unit.code].append((f"E{number}", next(name)))
    return found

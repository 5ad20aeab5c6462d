"""The company's calendar over the interface: everybody reads it, HR keeps it."""

from tests.api.conftest import People
from tests.support.api import code_of


def test_hr_adds_a_holiday_and_takes_it_back(people: People) -> None:
    hr = people("hr")
    for day, kind in (("2026-10-01", "holiday"), ("2026-10-10", "workday"), ("2026-12-25", "holiday")):
        made = hr.post("/calendar", {"day": day, "kind": kind, "title": "国庆节"})
        assert (made.status_code, made.get_json()["version"]) == (201, 1)
    listed = people("employee").get("/calendar?from=2026-10-01&to=2026-10-31").get_json()
    assert [(row["day"], row["kind"], row["title"]) for row in listed] == [
        ("2026-10-01", "holiday", "国庆节"),
        ("2026-10-10", "workday", "国庆节"),
    ]
    changed = hr.patch("/calendar/2026-12-25", {"kind": "usual", "title": "登记有误"}, version=1).get_json()
    assert changed == {"day": "2026-12-25", "kind": "usual", "title": "登记有误", "version": 2}
    assert people("nobody").get("/calendar/2026-12-25").get_json() == changed


def test_refusals_come_in_their_order(people: People) -> None:
    hr = people("hr")
    hr.post("/calendar", {"day": "2026-05-01", "kind": "holiday", "title": "劳动节"})
    twice = hr.post("/calendar", {"day": "2026-05-01", "kind": "workday", "title": "劳动节"})
    assert list(twice.get_json()["errors"]) == ["day"]
    assert code_of(hr.post("/calendar", {"day": "2026-05-04", "kind": "sabbath", "title": "无"})) == "invalid"
    assert code_of(people("admin").post("/calendar", {})) == "forbidden"
    for day in ("2026-05-05", "2026-02-30", "may"):
        assert code_of(hr.patch(f"/calendar/{day}", {}, version=1)) == "not_found"
    assert code_of(hr.patch("/calendar/2026-05-01", {"title": "五一"})) == "version_required"
    assert code_of(hr.patch("/calendar/2026-05-01", {"title": "五一"}, version=4)) == "stale"

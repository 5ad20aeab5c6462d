"""Many at once: each card stands alone."""

from tests.api.conftest import People
from tests.support.api import code_of
from tests.support.world import FULL_CUSTOMER, PASSWORD


def edits_of(card: str, version: int | None = 1) -> list[dict[str, object]]:
    return [{"card": card, "version": version, "item": code, "input": each} for code, each in FULL_CUSTOMER.items()]


def test_a_card_that_is_refused_changes_nothing_of_the_others(people: People, card: str) -> None:
    preparer = people("preparer")
    wrong = [
        {"card": card, "version": 1, "item": "luck", "input": {"level": "良好"}},
        {"card": card, "version": 1, "item": "survey", "input": {"level": "极好"}},
        {"card": "abc", "version": 1, "item": "survey", "input": {"level": "良好"}},
        {"card": "123", "version": 1, "item": "survey", "input": {"level": "良好"}},
    ]
    right = {"card": card, "version": 1, "item": "credit", "input": {"level": "良好"}}
    results = preparer.post("/edits", {"edits": [*wrong, right]}).get_json()["results"]
    assert [result["ok"] for result in results] == [False, False, False, False, True]
    codes = [result["problem"]["code"] for result in results[:4]]
    assert codes == ["not_found", "invalid", "not_found", "not_found"]
    assert list(results[1]["problem"]["errors"]) == ["input.level"]
    assert {key: results[4][key] for key in ("card", "item", "version", "points", "total", "provisional_total")} == {
        "card": card,
        "item": "credit",
        "version": 2,
        "points": "3.00",
        "total": None,
        "provisional_total": "3.00",
    }
    assert len(results[4]["missing"]) == len(FULL_CUSTOMER) - 1


def test_one_card_is_checked_once_and_moves_by_one_version(people: People, card: str) -> None:
    results = people("preparer").post("/edits", {"edits": edits_of(card)}).get_json()["results"]
    assert {(each["ok"], each["version"], each["complete"]) for each in results} == {(True, 2, True)}


def test_edits_without_a_version_or_with_an_old_one_are_refused_alone(people: People, card: str) -> None:
    preparer = people("preparer")
    (without, *_) = preparer.post("/edits", {"edits": edits_of(card, None)}).get_json()["results"]
    (old, *_) = preparer.post("/edits", {"edits": edits_of(card, 9)}).get_json()["results"]
    assert (without["problem"]["code"], old["problem"]["code"]) == ("version_required", "stale")
    assert old["problem"]["current"]["version"] == 1


def test_many_cards_are_signed_with_one_password(people: People, card: str) -> None:
    preparer = people("preparer")
    preparer.post("/edits", {"edits": edits_of(card)})
    rows = [{"id": card, "version": 2}, {"id": "123", "version": 1}, {"id": "abc", "version": 1}]
    signing = {"trigger": "prepare", "cards": rows, "password": PASSWORD}
    results = preparer.post("/transitions", signing).get_json()["results"]
    assert [(each["id"], each["ok"]) for each in results] == [(card, True), ("123", False), ("abc", False)]
    assert results[0]["card"]["state"] == "prepared"
    assert {each["problem"]["code"] for each in results[1:]} == {"not_found"}


def test_a_wrong_password_signs_none_of_them(people: People, card: str) -> None:
    preparer = people("preparer")
    preparer.post("/edits", {"edits": edits_of(card)})
    signing = {"trigger": "prepare", "cards": [{"id": card, "version": 2}], "password": "wrong"}
    (result,) = preparer.post("/transitions", signing).get_json()["results"]
    assert result["problem"]["code"] == "credential_required"
    assert preparer.get(f"/scorecards/{card}").get_json()["state"] == "draft"


def test_a_batch_has_its_limits(people: People) -> None:
    preparer = people("preparer")
    assert code_of(preparer.post("/edits", {"edits": []})) == "invalid"
    assert code_of(preparer.post("/edits", {"edits": edits_of("1")[:1] * 5001})) == "invalid"
    many = {"trigger": "prepare", "cards": [{"id": "1", "version": 1}] * 501}
    assert code_of(preparer.post("/transitions", many)) == "invalid"

"""What a recorder is told of a draft: the items recorded, and not what the others add up to."""

from tests.api.conftest import People


def test_a_recorder_sees_the_items_recorded_and_no_totals(people: People, card: str) -> None:
    seen = people("recorder").get(f"/scorecards/{card}").get_json()
    assert [item["code"] for item in seen["items"]] == ["churn"]
    assert (seen["total"], seen["provisional_total"], seen["grade"]) == (None, None, None)
    assert all(section["points"] is None for section in seen["sections"])


def test_a_recorder_is_told_no_totals_after_an_edit_either(people: People, card: str) -> None:
    recorder = people("recorder")
    entered = {"input": {"value": "1.9", "baseline": "2.9", "reason": "首月"}}
    answer = recorder.patch(f"/scorecards/{card}/items/churn", entered, version=1, headers={"Prefer": "return=minimal"})
    assert answer.status_code == 200
    assert (answer.get_json()["item"]["points"], answer.get_json()["provisional_total"]) == ("16.00", None)


def test_a_list_tells_a_recorder_no_totals_of_drafts(people: People, card: str) -> None:
    rows = people("recorder").get("/scorecards").get_json()
    assert card in {row["id"] for row in rows}
    assert {row["provisional_total"] for row in rows} == {None}

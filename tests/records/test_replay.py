"""Records played one after another give what is there now, or contradict each other."""

from typing import Any

import pytest

from workflow.records.replay import Contradiction, Replay


def content(*changes: tuple[str, Any, Any], **rows: list[str]) -> dict[str, Any]:
    """A record's content; the rows behind its places with `_` for `/`."""
    told = [{"field": name, "from": before, "to": after} for name, before, after in changes]
    return {"changes": told, "parts": {place.replace("_", "/"): row for place, row in rows.items()}, "reason": ""}


def test_the_last_change_of_a_field_holds() -> None:
    replay = Replay()
    assert replay.take(1, content(("title", None, "客户部"), ("code", None, "customer"))) is None
    assert replay.take(2, content(("title", "客户部", "客户中心"))) is None
    assert replay.fields == {"title": "客户中心", "code": "customer"}


def test_a_part_is_known_by_its_row_wherever_it_stands_in_the_record() -> None:
    replay = Replay()
    replay.take(1, content(("signatures/prepare/name", None, "陈静"), signatures_prepare=["signature", "7"]))
    replay.take(2, content(("signatures/prepare/name", None, "孙燕"), signatures_prepare=["signature", "8"]))
    told = {key: (part.fields["name"], part.record_id) for key, part in replay.parts.items()}
    assert told == {("signature", 7): ("陈静", 1), ("signature", 8): ("孙燕", 2)}


def test_a_part_that_a_record_touches_stands_on_it_even_if_nothing_of_it_changes() -> None:
    replay = Replay()
    replay.take(1, content(("items/churn/points", None, "5.00"), items_churn=["scorecard_item", "7"]))
    replay.take(2, content(items_churn=["scorecard_item", "7"]))
    assert replay.parts["scorecard_item", 7].record_id == 2


@pytest.mark.parametrize("before", [None, "客户中心", True])
def test_what_was_before_is_what_the_earlier_records_led_to(before: Any) -> None:
    replay = Replay()
    replay.take(1, content(("title", None, "客户部")))
    assert replay.take(2, content(("title", before, "信用卡部"))) == Contradiction("title", before, "客户部")


@pytest.mark.parametrize("wrong", [{}, {"changes": []}, content(("items/churn/points", None, "5.00"))])
def test_a_content_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        Replay().take(1, wrong)

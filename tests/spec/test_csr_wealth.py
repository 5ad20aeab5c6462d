"""95595 CSR, 白金卡组、理财组: cards worked out by hand from the source (第一章 四(二)2)."""

from typing import Any

import pytest

from tests.support.source_schemes import NO_PROBLEM, recorded, result_of, scheme_of, totals_of


def inputs(superior: str, **entries: dict[str, Any]) -> dict[str, Any]:
    ledgers = {code: recorded() for code in ("processing", "quality", "floor", "satisfaction")}
    return ledgers | {"superior": {"ratings": [{"group": "superior", "by": "E001", "value": superior}]}} | entries


def test_the_scheme_holds_100_points_and_20_additions() -> None:
    scheme = scheme_of("csr-wealth")
    assert [item.full_marks for item in scheme.items.values()] == [27, 58, 15, 10, 10]
    assert (scheme.total.max, scheme.full_marks, scheme.warnings) == (120, 120, NO_PROBLEM)
    assert scheme.family == scheme_of("csr-card").family


@pytest.mark.parametrize(
    ("card", "total"),
    [
        (inputs("10"), "100"),
        # 20 + 7 - 2 = 25; 50 + 3 = 53; 15 - 1 = 14; 5; 8.5 rounds to 9.
        (inputs("8.5", processing=recorded(9, -2), quality=recorded(3), floor=recorded(-1)), "106"),
        (inputs("10", processing=recorded(7), quality=recorded(8), satisfaction=recorded(5)), "120"),
        (
            inputs(
                "0", processing=recorded(-20), quality=recorded(-50), floor=recorded(-15), satisfaction=recorded(-5)
            ),
            "0",
        ),
    ],
)
def test_cards_from_ordinary_to_worst(card: dict[str, Any], total: str) -> None:
    assert totals_of("csr-wealth", card)[0] == total


def test_without_the_superiors_rating_the_card_is_incomplete() -> None:
    result = result_of("csr-wealth", inputs("10") | {"superior": {"ratings": []}})
    assert (result["total"], result["provisional_total"]) == (None, "90")
    assert [one["reason"] for one in result["missing"]] == ["too_few_ratings"]

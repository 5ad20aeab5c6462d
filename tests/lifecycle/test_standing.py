"""A person's standings follow each other without overlapping; a return to post ends what it falls into."""

from datetime import date

import pytest

from workflow.lifecycle.standing import Kind, Span, as_held, collision


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def span(kind: Kind, first: str, last: str | None = None) -> Span:
    return Span(kind, day(first), day(last) if last else None)


OFF = span(Kind.OFF_POST, "09-01", "09-30")
OPEN = span(Kind.PROBATION, "09-01")


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ((OFF,), ["09-01..09-30"]),
        ((OFF, span(Kind.ON_POST, "09-21")), ["09-01..09-20", "09-21.."]),
        ((OFF, span(Kind.ON_POST, "10-08")), ["09-01..09-30", "10-08.."]),
        ((OPEN, span(Kind.ON_POST, "09-21")), ["09-01..09-20", "09-21.."]),
        ((span(Kind.ON_POST, "09-21"), span(Kind.LEAVE, "09-25", "09-28"), OFF), None),
        ((span(Kind.ON_POST, "08-01"), OFF), ["08-01..08-31", "09-01..09-30"]),
    ],
)
def test_a_return_to_post_ends_what_it_falls_into(spans: tuple[Span, ...], days: list[str] | None) -> None:
    if days is None:  # the off-post month was cut short, so that the leave fits behind it
        days = ["09-01..09-20", "09-21..09-24", "09-25..09-28"]
    held = as_held(spans)
    assert [
        f"{each.starts_on:%m-%d}..{each.ends_on:%m-%d}" if each.ends_on else f"{each.starts_on:%m-%d}.."
        for each in held
    ] == days
    assert collision(spans) is None


@pytest.mark.parametrize(
    "other",
    [
        span(Kind.LEAVE, "08-20", "09-01"),
        span(Kind.LEAVE, "09-30", "10-04"),
        span(Kind.PROBATION, "09-10", "09-12"),
        span(Kind.OFF_POST, "08-01"),
        span(Kind.ON_POST, "09-01"),
        OFF,
    ],
)
def test_two_standings_on_one_day_collide(other: Span) -> None:
    assert collision([OFF, other]) is not None
    assert collision([other, OFF]) is not None


def test_standings_side_by_side_do_not_collide() -> None:
    assert collision([span(Kind.LEAVE, "08-20", "08-31"), OFF, span(Kind.OFF_POST, "10-01", "10-31")]) is None

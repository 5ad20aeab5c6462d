"""Standings 岗位状态 of one person in time: who nothing is said of is on post; a return to post ends what it falls into."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from workflow.wording import Phrase

ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a person's standing can be."""

    ON_POST = "on-post"
    OFF_POST = "off-post"
    LEAVE = "leave"
    PROBATION = "probation"


KIND_NAMES: Mapping[Kind, Phrase] = {
    Kind.ON_POST: Phrase("在岗", "on post"),
    Kind.OFF_POST: Phrase("待岗", "off post"),
    Kind.LEAVE: Phrase("请假", "leave"),
    Kind.PROBATION: Phrase("试用", "probation"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one standing, the last one included; without a last day until a return to post."""

    kind: Kind
    starts_on: date
    ends_on: date | None = None


def as_held(spans: Iterable[Span]) -> list[Span]:
    """Give the spans as they were really held, oldest first: each ends at the latest on the day before what ends it."""
    ordered = sorted(spans, key=lambda span: span.starts_on)
    return [_held(span, ordered[place + 1 :]) for place, span in enumerate(ordered)]


def collision(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """Give the first two standings of one person that would hold on one day; None where there are none."""
    for one, other in pairwise(as_held(spans)):
        if one.starts_on == other.starts_on or one.ends_on is None or one.ends_on >= other.starts_on:
            return one, other
    return None


def _held(span: Span, later: Iterable[Span]) -> Span:
    for other in later:
        ends_it = Kind.ON_POST in (span.kind, other.kind)
        begun_within = other.starts_on > span.starts_on and (span.ends_on is None or other.starts_on <= span.ends_on)
        if ends_it and begun_within:
            return replace(span, ends_on=other.starts_on - ONE_DAY)
    return span

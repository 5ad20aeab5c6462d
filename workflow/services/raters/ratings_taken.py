"""What cards take of ratings: each group's count and sum once nobody is still asked; never who gave what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from workflow.lifecycle.rating import State
from workflow.models.database import db
from workflow.models.ratings import Rating
from workflow.models.scorecards import Scorecard
from workflow.policy import State as CardState
from workflow.scoring.rules.raters import RatersRule
from workflow.scoring.scheme import Scheme
from workflow.services.scorecards.cards import OpenCard

Key = tuple[int, str, str, int]


def key_of(row: Scorecard | Rating) -> Key:
    """Give what ties a card and its ratings, also when the card is made anew: plan, scheme and subject."""
    return row.plan_id, row.scheme_code, row.subject_kind, row.subject_id


def is_one_of(model: type[Scorecard | Rating], rows: Iterable[Scorecard | Rating]) -> ColumnElement[bool]:
    """Say in SQL that a card or a rating has the key of one of these."""
    subjects: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for row in rows:
        subjects[row.plan_id, row.scheme_code, row.subject_kind].add(row.subject_id)
    conditions = (
        and_(
            model.plan_id == plan_id,
            model.scheme_code == scheme,
            model.subject_kind == kind,
            model.subject_id.in_(sorted(ids)),
        )
        for (plan_id, scheme, kind), ids in subjects.items()
    )
    return or_(model.id.is_(None), *conditions)


def takes_changes() -> ColumnElement[bool]:
    """Say that a draft card takes the rating."""
    return exists().where(
        Scorecard.plan_id == Rating.plan_id,
        Scorecard.scheme_code == Rating.scheme_code,
        Scorecard.subject_kind == Rating.subject_kind,
        Scorecard.subject_id == Rating.subject_id,
        Scorecard.state == CardState.DRAFT,
    )


def rated_items(scheme: Scheme) -> dict[str, RatersRule]:
    """Give the items of a scheme that raters score, with their rules."""
    return {code: item.rule for code, item in scheme.items.items() if isinstance(item.rule, RatersRule)}


def items_for(scheme: Scheme, group: str) -> dict[str, RatersRule]:
    """Give the items that a group of raters scores."""
    return {code: rule for code, rule in rated_items(scheme).items() if group in rule.groups}


class TakenRatings:
    """The ratings behind some cards, read once for all of them and only when they are needed."""

    def __init__(self, opened: Iterable[OpenCard]) -> None:
        self._cards = [each.card for each in opened if rated_items(each.scorer.scheme)]

    def are_asked(self, opened: OpenCard, code: str) -> bool:
        """Say whether raters are asked about this item of the card: then nobody else puts it in."""
        return bool(self._of(opened, code))

    def input_of(self, opened: OpenCard, code: str) -> dict[str, Any] | None:
        """Give counts and sums by group as the card takes them; none while somebody is still asked.

        Taken at once, and not one by one, no step of the card's record tells what the last one gave.
        """
        ratings, rule = self._of(opened, code), rated_items(opened.scorer.scheme)[code]
        if any(each.state == State.OPEN for each in ratings):
            return None
        values: dict[str, list[Decimal]] = {group: [] for group in rule.groups}
        for each in ratings:
            values[each.rater_group].append(rule.worth(each.given[code]))
        return rule.summed(values)

    def _of(self, opened: OpenCard, code: str) -> list[Rating]:
        groups = rated_items(opened.scorer.scheme)[code].groups
        return [each for each in self._standing.get(key_of(opened.card), ()) if each.rater_group in groups]

    @cached_property
    def _standing(self) -> Mapping[Key, list[Rating]]:
        query = select(Rating).where(is_one_of(Rating, self._cards), Rating.state != State.REVOKED)
        found: dict[Key, list[Rating]] = defaultdict(list)
        for row in db.session.scalars(query.order_by(Rating.id)):
            found[key_of(row)].append(row)
        return found

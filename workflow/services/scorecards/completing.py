"""Completing what is put in: rates of exchange, base and growth of the portfolio; of ratings only what they add up to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from workflow.errors import FieldError, invalid
from workflow.models.rates import ExchangeRate
from workflow.numbers import plain
from workflow.scoring.errors import InputError
from workflow.scoring.rules.attainment import AttainmentRule, Targets
from workflow.scoring.rules.money import COMPANY_CURRENCY
from workflow.scoring.rules.raters import RatersRule
from workflow.scoring.scheme import Scheme
from workflow.services.paying.look_up_rates import rates_on
from workflow.services.paying.portfolios import PartTargets, Portfolio, portfolios_of
from workflow.services.raters.ratings_taken import TakenRatings
from workflow.services.scorecards.cards import OpenCard
from workflow.wording import Phrase

NO_RATE = Phrase(
    "{currency} 在 {day} 没有汇率,请绩效管理岗先在“汇率”中登记",
    "there is no rate of {currency} on {day}: an administrator has to enter one first",
)
SIDES = ("base", "growth")

Entered = Mapping[str, Any]


class Completer:
    """What some cards' inputs are completed from, read once for all of them and only when it is needed."""

    def __init__(self, opened: Iterable[OpenCard]) -> None:
        every = list(opened)
        self._cards = [each for each in every if completed_items(each.scorer.scheme)]
        self._ratings = TakenRatings(every)

    def is_rated(self, opened: OpenCard, code: str) -> bool:
        """Say whether raters are asked about an item: it is what they say, whatever was put in before."""
        rule = opened.scorer.scheme.items[code].rule
        return isinstance(rule, RatersRule) and self._ratings.are_asked(opened, code)

    def complete(self, opened: OpenCard, code: str, entered: Entered | None) -> dict[str, Any] | None:
        """Give the input with stored rates, and with base and growth from the portfolio where none are put in by hand.

        What was completed before is completed anew. An input of another form is left to its rule.
        """
        rule = opened.scorer.scheme.items[code].rule
        given = dict(entered) if entered else {}
        if isinstance(rule, RatersRule):
            asked = self._ratings.are_asked(opened, code)
            return self._ratings.input_of(opened, code) if asked else _summed(rule, given)
        parts = given.get("parts", {})
        if not is_completed(rule) or "not_applicable" in given or not isinstance(parts, Mapping):
            return given or None
        targets = self._targets(opened, rule) if isinstance(rule, AttainmentRule) else None
        named = dict.fromkeys([*parts, *(targets or ())])
        completed = {name: self._part(opened, parts.get(name), (targets or {}).get(name)) for name in named}
        filled = {name: part for name, part in completed.items() if part is not None}
        return given | {"parts": filled} if filled or "parts" in given else given or None

    def _part(self, opened: OpenCard, data: Any, targets: Mapping[str, list[dict[str, Any]]] | None) -> Any:
        if data is not None and not isinstance(data, Mapping):
            return data
        part = {key: _by_hand(entries) for key, entries in (data or {}).items()}
        for key in SIDES:
            if targets is not None and not part.get(key):
                part[key] = targets[key]
            elif part.get(key) == [] and (data or {})[key]:
                del part[key]  # it came from a portfolio, which is gone
        filled = {key: self._with_rates(opened, entries) for key, entries in part.items()}
        return filled or None

    def _with_rates(self, opened: OpenCard, entries: Any) -> Any:
        return [self._with_rate(opened, each) for each in entries] if _is_list(entries) else entries

    def _with_rate(self, opened: OpenCard, entry: Any) -> Any:
        """Give an amount in another currency the stored rate, unless its rate was put in by hand."""
        if not isinstance(entry, Mapping) or not _takes_stored_rate(entry):
            return entry
        plainly = {key: value for key, value in entry.items() if key not in {"rate", "on"}}
        if entry["currency"] == COMPANY_CURRENCY:
            return {**plainly, "rate": "1"}
        stored = self._rates[opened.period.last_day].get(entry["currency"])
        if stored is None or stored.rate is None:
            return plainly
        return {**plainly, "rate": plain(stored.rate), "on": stored.starts_on.isoformat(), "source": stored.source}

    def _targets(self, opened: OpenCard, rule: AttainmentRule) -> PartTargets | None:
        if rule.targets is not Targets.PORTFOLIO:
            return None
        portfolio = self._portfolios.get(opened.period.last_day.year, {}).get(opened.card.subject_id)
        return None if portfolio is None else portfolio.targets(rule.parts, rule.months_counted(opened.period))

    @cached_property
    def _rates(self) -> dict[date, Mapping[str, ExchangeRate]]:
        return rates_on({each.period.last_day for each in self._cards})

    @cached_property
    def _portfolios(self) -> dict[int, dict[int, Portfolio]]:
        wanted: dict[int, set[int]] = {}
        for each in self._cards:
            if each.card.subject_kind == "person":
                wanted.setdefault(each.period.last_day.year, set()).add(each.card.subject_id)
        return {year: portfolios_of(person_ids, year) for year, person_ids in wanted.items()}


def _summed(rule: RatersRule, given: dict[str, Any]) -> dict[str, Any] | None:
    """Give what listed ratings add up to: who gave what stands on no card. A wrong list is left to the rule."""
    if "ratings" not in given or len(given) > 1 or not _is_list(given["ratings"]):
        return given or None
    try:
        return rule.summed(rule.read_ratings(given["ratings"]))
    except InputError:
        return given


def is_completed(rule: object) -> bool:
    """Say whether inputs of the rule are completed: they list amounts by part."""
    return isinstance(rule, AttainmentRule) and bool(rule.parts)


def completed_items(scheme: Scheme) -> list[str]:
    """Give the items of a scheme whose inputs are completed."""
    return [code for code, item in scheme.items.items() if is_completed(item.rule)]


def check_rates(completed: Mapping[str, Any] | None, day: date) -> None:
    """Raise Refusal naming every amount that was put in and has no rate on the day."""
    missing = [
        FieldError(f"{path}.currency", NO_RATE, {"currency": entry["currency"], "day": day.isoformat()})
        for path, entry in _amounts(completed or {})
        if "rate" not in entry and not _is_derived(entry) and isinstance(entry.get("currency"), str)
    ]
    if missing:
        raise invalid(*missing)


def _amounts(completed: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    parts = completed.get("parts")
    for name, part in parts.items() if isinstance(parts, Mapping) else ():
        for key, entries in part.items() if isinstance(part, Mapping) else ():
            for place, entry in enumerate(entries if _is_list(entries) else ()):
                if isinstance(entry, Mapping):
                    yield f"parts.{name}.{key}[{place}]", entry


def _is_list(entries: object) -> bool:
    return isinstance(entries, list | tuple)


def _by_hand(entries: Any) -> Any:
    """Give what of a list of amounts was put in, and not taken from the portfolio."""
    return [each for each in entries if not _is_derived(each)] if _is_list(entries) else entries


def _is_derived(entry: object) -> bool:
    """Say whether an amount comes from the portfolio."""
    return isinstance(entry, Mapping) and "customers" in entry


def _takes_stored_rate(entry: Mapping[str, Any]) -> bool:
    """Say whether an amount names its currency alone, or was given a stored rate before."""
    return isinstance(entry.get("currency"), str) and ("rate" not in entry or "source" in entry or _is_derived(entry))

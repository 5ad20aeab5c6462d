"""What a signed thing must still be: its seals recomputed, and of a locked card the points as well."""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow.lifecycle.scorecard import LOCKED
from workflow.records.canonical import Json, plain
from workflow.records.faults import Fault, FaultCode
from workflow.scoring.card import ItemOutcome
from workflow.scoring.engine import Scorer
from workflow.scoring.errors import InputError
from workflow.scoring.missing import Missing
from workflow.scoring.periods import Period
from workflow.services.reporting.reports import SIGNED_AS as REPORT_SIGNED_AS
from workflow.services.reporting.reports import digest_of_rows as digest_of_rows_of_report
from workflow.services.schemes.maintain_schemes import SIGNED_AS, scorer_of, sealed_digest
from workflow.services.scorecards.cards import totals_as_values
from workflow.services.scorecards.drawn_on import DRAWING, context_of_basis
from workflow.services.scorecards.sealing import PlainRow, digest_of_rows

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""The rows of an entity's parts in plain form, by table; what is long and derived in canonical form."""

Erased = AbstractSet[Json]
"""The records of an entity whose content an order has erased: a signature that stands on one binds what is no more."""

_TOTALS = ("total", "grade", "sections", "provisional_total", "complete", "missing")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The points of an item as they are stored, with why there are none."""

    points: Decimal | None
    missing: Missing | None


def faults_of_scheme(version: PlainRow, parts: Rows, _: Erased) -> Iterator[Fault]:
    """Give the signatures that stand under a scheme version and do not bind what it says now, and since when."""
    sealed = sealed_digest(version["content"], version["effective_from"])
    newest = {each["meaning"]: each for each in sorted(parts["scheme_signature"], key=_by_time)}
    for meaning in SIGNED_AS[str(version["state"])]:
        if meaning in newest and newest[meaning]["digest"] != sealed:
            yield _unsealed("scheme_signature", newest[meaning])


def faults_of_report(report: PlainRow, parts: Rows, erased: Erased) -> Iterator[Fault]:
    """Give the signatures that stand under a plan's report and do not bind its words and figures as they are now."""
    sealed = digest_of_rows_of_report(report, parts["report_remark"])
    newest = {each["meaning"]: each for each in sorted(parts["report_signature"], key=_by_time)}
    for meaning in REPORT_SIGNED_AS[str(report["state"])]:
        if meaning in newest and newest[meaning]["digest"] != sealed and newest[meaning]["record_id"] not in erased:
            yield _unsealed("report_signature", newest[meaning])


def faults_of_card(card: PlainRow, parts: Rows, erased: Erased) -> Iterator[Fault]:
    """Give the signatures that stand under a card and do not bind what it says now; of a locked one the wrong points.

    What a signature bound before an order erased it can't be proved any more, nor the points from inputs that are gone: from
    then on the record that says how the card was left stands for it.
    """
    if erased:
        return
    voided = {each["signature_id"] for each in parts["signature_void"]}
    standing = [each for each in parts["signature"] if each["id"] not in voided]
    if standing:
        entries = sorted(parts["adjustment"], key=lambda each: (each["item_code"], each["number"]))
        sealed = digest_of_rows(card, parts["scorecard_item"], entries)
        yield from (_unsealed("signature", each) for each in standing if each["digest"] != sealed)
    if card["state"] in LOCKED:
        yield from _misscored(card, {item["code"]: item for item in parts["scorecard_item"]})


def _misscored(card: PlainRow, items: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Score a locked card again from its scheme, its inputs and what its bases say that it drew on."""
    scorer = scorer_of(int(str(card["scheme_version_id"])))
    period = Period.parse(str(card["period"]))
    outcomes = {}
    for code, item in items.items():
        outcome = _score_again(scorer, period, item)
        stored = None if item["points"] is None else Decimal(item["points"])
        if outcome.points != stored:
            yield _misscore("scorecard_item", item, "points", item["points"], plain(outcome.points))
        outcomes[code] = _Outcome(stored, outcome.missing)
    vetoes: Any = card["vetoes"]
    totals: dict[str, Any] = totals_as_values(scorer.add_up(outcomes, [each["code"] for each in vetoes]))
    for name in _TOTALS:
        if plain(totals[name]) != card[name]:
            yield _misscore("scorecard", card, name, card[name], plain(totals[name]))


def _score_again(scorer: Scorer, period: Period, item: Mapping[str, Any]) -> ItemOutcome:
    rule = scorer.items[item["code"]].rule
    basis = json.loads(item["basis"]) if isinstance(rule, DRAWING) else ()
    context = context_of_basis(rule, basis, period)
    try:
        return scorer.score_item(item["code"], item["input"], context, basis=False)
    except InputError:
        return ItemOutcome(None, Missing.NO_INPUT)


def _by_time(signature: Mapping[str, Any]) -> tuple[str, int]:
    return signature["at"], int(signature["id"])


def _unsealed(table: str, signature: Mapping[str, Any]) -> Fault:
    return Fault(FaultCode.SEAL_DIFFERS, table=table, row_id=int(signature["id"]), told=signature["name"])


def _misscore(table: str, row: Mapping[str, Any], column: str, told: Json, found: Json) -> Fault:
    return Fault(
        FaultCode.SCORE_DIFFERS, table=table, row_id=int(row["id"]), column=column, told=str(told), found=str(found)
    )

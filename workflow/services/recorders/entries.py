"""What the ledger and the cards share: an entry's facts are written once and counted by a card in the same transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from workflow.errors import Denied, FieldError, Refusal, invalid
from workflow.lifecycle import ledger_entry as lifecycle
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.ledger import FACTS, LedgerEntry, LedgerEvidence
from workflow.models.organisation import Unit
from workflow.models.scorecards import Adjustment, Scorecard
from workflow.models.types import new_id
from workflow.numbers import parse_number
from workflow.policy import CARD_ROLES, UNIT_ROLES, Action
from workflow.records.canonical import plain
from workflow.scoring.card import ItemOutcome
from workflow.scoring.engine import Scorer
from workflow.scoring.periods import Period
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.scoring.rules.base import ItemContext
from workflow.services.recorders import evidence
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.services.unit_of_work import Part, Work
from workflow.wording import Phrase

TEXT_LENGTH = 1000

TOO_LONG = Phrase("最多 {most} 个字", "has at most {most} characters")
NOT_BY_ENTRIES = Phrase("此项不是加减分项目", "this item takes no adjustments")
UNREADABLE = Phrase(
    "台账中{name}{on}的“{item}”一笔不符合方案的现行版本,请先作废后重新登记",
    "the ledger's entry of {name} on {on} for “{item}” does not fit the scheme's version; have it voided and recorded anew",
)

Waiting = Mapping[int, Mapping[str, Sequence[LedgerEntry]]]
"""Standing entries by subject and item, in the order in which they were recorded."""

Fed = tuple[dict[str, object], ItemOutcome]
"""The values of an item's row, and the outcome that they hold."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whom and what an entry is about: the subject, the item of a scheme, the period."""

    scheme_version_id: int
    scheme_code: str
    period: str
    subject_kind: str
    subject_id: int
    subject_code: str
    subject_name: str
    person_id: int | None
    unit_id: int
    item_code: str


def occasion_of(card: Scorecard, code: str) -> Occasion:
    """Give what an entry is about that a card is going to count."""
    return Occasion(
        scheme_version_id=card.scheme_version_id,
        scheme_code=card.scheme_code,
        period=card.period,
        subject_kind=card.subject_kind,
        subject_id=card.subject_id,
        subject_code=card.subject_code,
        subject_name=card.subject_name,
        person_id=card.appraised_person_id,
        unit_id=card.unit_id,
        item_code=code,
    )


def read(work: Work, scorer: Scorer, occasion: Occasion, told: Mapping[str, Any]) -> LedgerEntry:
    """Read what happened as an entry that is not kept yet; the rule that will score it says what is wrong with it.

    Raises Refusal (invalid), also for a file of evidence that the actor may not name.
    """
    if scorer.scheme.items[occasion.item_code].rule.kind != AdjustmentsRule.kind:
        raise invalid(FieldError("item", NOT_BY_ENTRIES))
    with cards.faults_under("", without="adjustments[0]"):
        cards.score_item(
            scorer, ItemContext(Period.parse(occasion.period)), occasion.item_code, {"adjustments": [told]}
        )
    if len(told.get("reason") or "") > TEXT_LENGTH:
        raise invalid(FieldError("reason", TOO_LONG, {"most": TEXT_LENGTH}))
    count, points, named = told.get("count"), told.get("points"), told.get("evidence")
    references = [named] if isinstance(named, str) else list(named or ())
    evidence.check_named(work.actor, references)
    return LedgerEntry(
        id=new_id(),
        **asdict(occasion),
        happened_on=date.fromisoformat(told["on"]),
        reason=plain(told.get("reason") or ""),
        cause=told.get("cause"),
        count=None if count is None else int(parse_number(count)),
        points=None if points is None else parse_number(points),
        evidence=references,
        entered_by=work.actor.account_id,
        entered_at=work.now,
        state=lifecycle.State.RECORDED,
    )


def keep(work: Work, entry: LedgerEntry, unit_path: str) -> None:
    """Write a new entry into the ledger, with the files that it names."""
    hashes = dict.fromkeys(each for each in entry.evidence if evidence.is_hash(each))
    parts = [
        Part(
            LedgerEvidence(id=new_id(), ledger_entry_id=entry.id),
            f"files/{number}",
            {"number": number, "hash": each},
            is_new=True,
        )
        for number, each in enumerate(hashes, start=1)
    ]
    role = work.actor.acts_as(UNIT_ROLES[Action.LEDGER_RECORD], unit_path)
    work.create(entry, "ledger.record", parts=parts, role=role)


def entries_on(card_id: int, code: str) -> list[Adjustment]:
    """Give the adjustments of one item of a card, voided ones too."""
    return [each for each in card_queries.adjustments_of([card_id]) if each.item_code == code]


def rescored(work: Work, opened: OpenCard, code: str, standing: Iterable[Adjustment | LedgerEntry]) -> Fed:
    """Give an item as these entries make it; raises Refusal (invalid) where the rule does not take them."""
    return _scored(opened, code, list(standing), work.actor.name)


def count_on(work: Work, opened: OpenCard, entry: LedgerEntry, fed: Fed) -> None:
    """Let a card that takes changes count a kept entry, its item being as `fed` says."""
    code = entry.item_code
    values, outcome = fed
    number = max((each.number for each in entries_on(opened.card.id, code)), default=0) + 1
    parts = [_as_adjustment(opened.card.id, entry, number), Part(opened.items[code], f"items/{code}", values)]
    write_items(work, opened, parts, {code: outcome}, "scorecard.adjust")


def void_on(work: Work, opened: OpenCard, adjustment: Adjustment, reason: str, fed: Fed) -> None:
    """Take an adjustment back on a card that takes changes, its item being as `fed` says; its row stays, struck out."""
    code = adjustment.item_code
    values, outcome = fed
    voided = {"voided_by": work.actor.account_id, "voided_at": work.now, "void_reason": reason}
    parts = [
        Part(adjustment, f"adjustments/{code}/{adjustment.number}", voided),
        Part(opened.items[code], f"items/{code}", values),
    ]
    write_items(work, opened, parts, {code: outcome}, "scorecard.void_adjustment", reason=reason)


def write_items(
    work: Work,
    opened: OpenCard,
    parts: Sequence[Part],
    outcomes: Mapping[str, ItemOutcome],
    event: str,
    *,
    reason: str = "",
) -> None:
    """Write items with the totals that follow from them, as one change of the card."""
    totals = cards.totals_as_values(cards.add_up(opened, outcomes))
    role = work.actor.acts_as(CARD_ROLES[Action.CARD_EDIT], opened.found.unit_path)
    work.change(opened.card, event, totals, parts=parts, role=role, reason=reason)


def drop(work: Work, adjustment: Adjustment) -> None:
    """Void the entry of an adjustment that was voided, with the same reason, unless it is void already."""
    entry = None if adjustment.ledger_entry_id is None else find(adjustment.ledger_entry_id, lock=True)
    if entry is None or entry.state == lifecycle.State.VOID:
        return
    facts = lifecycle.LedgerFacts(entry.state, entry.version, "", entry.item_code)
    answer = lifecycle.drop(facts)
    if isinstance(answer, Denied):
        raise Refusal(answer)
    told = {name: getattr(adjustment, name) for name in ("voided_by", "voided_at", "void_reason")}
    path = db.session.scalar(select(Unit.path).where(Unit.id == entry.unit_id)) or ""
    role = work.actor.acts_as({*CARD_ROLES[Action.CARD_EDIT], *CARD_ROLES[Action.CARD_PUBLISH]}, path)
    values = {"state": answer.target, **told}
    work.change(entry, "ledger.void", values, role=role, reason=adjustment.void_reason or "")


def drop_what_a_revision_voided(work: Work, revision: Scorecard) -> None:
    """Void in the ledger what a revision no longer counts, once it has taken the place of the card that did."""
    for adjustment in card_queries.adjustments_of([revision.id]):
        if adjustment.voided_at is not None:
            drop(work, adjustment)


def find(entry_id: int, *, lock: bool = False) -> LedgerEntry | None:
    """Find an entry by its id, whoever asks; with `lock` it is held until the transaction ends."""
    query = select(LedgerEntry).where(LedgerEntry.id == entry_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def waiting(scheme_code: str, period: str, kind: str, subject_ids: Collection[int]) -> Waiting:
    """Give the standing entries that a new card of each of these subjects has to count."""
    query = select(LedgerEntry).where(
        LedgerEntry.scheme_code == scheme_code,
        LedgerEntry.period == period,
        LedgerEntry.subject_kind == kind,
        LedgerEntry.subject_id.in_(sorted(subject_ids)),
        LedgerEntry.state != lifecycle.State.VOID,
    )
    found: dict[int, dict[str, list[LedgerEntry]]] = {subject_id: defaultdict(list) for subject_id in subject_ids}
    for entry in db.session.scalars(query.order_by(LedgerEntry.id)):
        found[entry.subject_id][entry.item_code].append(entry)
    return found


def feed(opened: OpenCard, code: str, entries: Sequence[LedgerEntry]) -> Fed | None:
    """Give an item of a new card as the waiting entries make it; none without any.

    Raises Refusal naming the first entry that the version of the scheme does not take.
    """
    if not entries:
        return None
    names = card_queries.account_names({each.entered_by for each in entries})
    item = opened.scorer.scheme.items[code]
    for entry in entries:
        try:
            _scored(opened, code, [entry], "")
        except Refusal as refusal:
            told = {"name": entry.subject_name, "on": entry.happened_on.isoformat(), "item": item.title}
            raise invalid(FieldError("contents", UNREADABLE, told)) from refusal
    return _scored(opened, code, entries, "、".join(sorted(set(names.values()))))


def as_adjustments(card_id: int, entries: Iterable[LedgerEntry]) -> list[Part]:
    """Give the adjustments by which a new card counts the waiting entries of one item."""
    return [_as_adjustment(card_id, entry, number) for number, entry in enumerate(entries, start=1)]


def _scored(opened: OpenCard, code: str, standing: Sequence[Adjustment | LedgerEntry], source: str) -> Fed:
    entered = cards.adjustments_as_input(standing)
    outcome = cards.score(opened, code, entered, source)
    return {"input": entered, "source": source, "is_fed": False, **cards.outcome_as_values(outcome)}, outcome


def _as_adjustment(card_id: int, entry: LedgerEntry, number: int) -> Part:
    values = {
        "ledger_entry_id": entry.id,
        "item_code": entry.item_code,
        "number": number,
        **{name: getattr(entry, name) for name in FACTS},
    }
    row = Adjustment(id=new_id(), scorecard_id=card_id)
    return Part(row, f"adjustments/{entry.item_code}/{number}", values, is_new=True)

"""From what services read to what templates show: cards, items, rules, inputs, bases."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workflow import web
from workflow.numbers import Rounding, divide
from workflow.pages.amounts import named_inputs, part_rows
from workflow.pages.views.cards import (
    AdjustmentRow,
    BasisStep,
    CardRow,
    Cause,
    FileLink,
    ItemInput,
    ItemRow,
    ItemRule,
    Level,
    RatedGroup,
    Risk,
    SectionRow,
    Signature,
    VetoRow,
)
from workflow.scoring.basis import render_basis
from workflow.scoring.missing import Missing, say_missing
from workflow.scoring.rules.adjustments import AdjustmentsRule
from workflow.scoring.rules.base import Rule
from workflow.scoring.rules.points import PointsRule
from workflow.scoring.rules.raters import RatersRule
from workflow.scoring.rules.rating import RatingRule
from workflow.scoring.scheme import Item, Scheme
from workflow.services.recorders import evidence
from workflow.services.scorecards import risks as found_risks
from workflow.services.scorecards.look_up_cards import CardDetail, CardSummary, ItemDetail

MEANS = Rounding()
"""How means are shown; they are computed with what they come from."""


def card_row(
    summary: CardSummary,
    *,
    items: int = 0,
    change: Decimal | None = None,
    risks: Sequence[found_risks.Risk] = (),
    updated_at: datetime | None = None,
) -> CardRow:
    """Show a card's summary as a row, its points with the decimals they were rounded to."""
    return CardRow(
        id=str(summary.id),
        number=summary.number,
        version=summary.version,
        plan=summary.plan,
        plan_title=summary.plan_title,
        period=summary.period,
        scheme_title=summary.scheme_title,
        subject=summary.subject,
        subject_name=summary.subject_name,
        unit=summary.unit,
        unit_name=summary.unit_name,
        state=summary.state,
        revision=summary.revision,
        total=decimal_text(summary.total),
        provisional_total=decimal_text(summary.provisional_total) or "",
        complete=summary.complete,
        missing=len(summary.missing),
        items=items,
        grade=summary.grade,
        rank=summary.rank,
        absence=summary.absence or "",
        change=None if change is None else signed(change),
        updated_at=updated_at,
        risks=tuple(Risk(str(each.kind), each.title or each.item, _detail(each.detail)) for each in risks),
    )


def section_rows(detail: CardDetail, previous: Mapping[str, tuple[str | None, str | None]]) -> tuple[SectionRow, ...]:
    """Show the sections with those items that the reader may see; `previous` has last period's value and points."""
    scheme = detail.scheme
    shown = []
    for section in scheme.sections:
        items = tuple(
            item_row(scheme, each, previous.get(each.item.code, (None, None)))
            for each in detail.items
            if each.section == section.code
        )
        if items:
            full = full_text(scheme, section.full_marks)
            shown.append(SectionRow(section.code, section.title, detail.sections.get(section.code, ""), full, items))
    return tuple(shown)


def item_row(scheme: Scheme, each: ItemDetail, previous: tuple[str | None, str | None] = (None, None)) -> ItemRow:
    """Show one item with its rule in words, its input and the basis of its points."""
    row, language = each.row, web.language()
    rounding = scheme.rounding
    missing = each.missing or ""
    return ItemRow(
        code=each.item.code,
        title=each.item.title,
        rule=item_rule(each.item),
        input=item_input(each),
        full=full_text(scheme, each.item.full_marks),
        points=None if row.points is None else rounding.show(row.points),
        weight=format(each.item.weight, "f"),
        basis=tuple(BasisStep(step["step"], step["text"]) for step in render_basis(row.basis, language)),
        missing=missing,
        missing_text=say_missing(Missing(missing), language) if missing else "",
        note=row.note,
        editable=each.editable,
        adjustments=_adjustments(each),
        previous_value=previous[0],
        previous_points=previous[1],
        erased=row.points is not None and not row.basis,
    )


def item_rule(item: Item) -> ItemRule:
    """Show how an item is filled in and, in words, how it is scored."""
    rule = item.rule
    shown: dict[str, Any] = {}
    if isinstance(rule, RatingRule):
        reasons = rule.reason_for
        shown["levels"] = tuple(
            Level(name, format(points, "f"), name in reasons)
            for name, points in sorted(rule.levels.items(), key=lambda pair: -pair[1])
        )
    if isinstance(rule, PointsRule):
        shown |= {"least": format(rule.min, "f"), "most": format(rule.max, "f"), "step": format(rule.step, "f")}
    if isinstance(rule, AdjustmentsRule):
        shown["causes"] = tuple(
            Cause(cause.code, cause.title, "" if cause.points is None else format(cause.points, "f"))
            for cause in rule.causes
        )
        shown |= {"each": decimal_text(rule.each), "step": decimal_text(rule.step)}
    return ItemRule(
        kind=rule.kind,
        words=item.describe(web.language()),
        unit=item.unit,
        optional=item.optional,
        inputs=named_inputs(rule),
        source=item.source or "",
        assumption=item.assumption or "",
        **shown,
    )


def item_input(each: ItemDetail) -> ItemInput:
    """Show what was put in, by kind of rule."""
    entered = each.row.input or {}
    return ItemInput(
        level=str(entered.get("level") or ""),
        value=str(entered.get("value") or ""),
        points=str(entered.get("points") or ""),
        reason=str(entered.get("reason") or ""),
        baseline=str(entered.get("baseline") or ""),
        named={name: str(entered.get(name) or "") for name in named_inputs(each.item.rule)},
        parts=part_rows(each.item.rule, entered),
        rated=_rated(each.item.rule, entered),
        too_few=entered.get("groups") == {},
        not_applicable=bool(entered.get("not_applicable")),
        nothing_happened=entered.get("adjustments") == [],
        by="" if each.row.is_fed else each.row.source,
        origin=each.row.source if each.row.is_fed else "",
    )


def _rated(rule: Rule, entered: Mapping[str, Any]) -> tuple[RatedGroup, ...]:
    """Show what each group of raters gave together, in the scheme's order."""
    if not isinstance(rule, RatersRule):
        return ()
    told = entered.get("groups", {})
    return tuple(
        RatedGroup(group, str(told[group]["count"]), _mean(told[group]), format(rule.top, "f"))
        for group in rule.groups
        if group in told
    )


def _mean(told: Mapping[str, Any]) -> str:
    return MEANS.show(MEANS.round(divide(Decimal(told["sum"]), Decimal(told["count"]))))


def signature_rows(detail: CardDetail) -> tuple[Signature, ...]:
    """Show the standing signatures of a card."""
    return tuple(
        Signature(each.meaning, each.name, each.at, each.on_behalf_of or "")
        for each in detail.signatures
        if not each.voided
    )


def decimal_text(value: Decimal | None) -> str | None:
    """Write a decimal as text; none stays none."""
    return None if value is None else format(value, "f")


def signed(value: Decimal) -> str:
    """Write a change with its sign."""
    return f"{value:+f}"


def full_text(scheme: Scheme, full: Decimal | None) -> str:
    """Write full marks; nothing where nothing bounds them."""
    return "" if full is None else scheme.rounding.show(full)


def _detail(value: Decimal | int | str | None) -> str:
    if isinstance(value, Decimal):
        return signed(value)
    return "" if value is None else str(value)


def _entries(each: ItemDetail) -> Sequence[Mapping[str, Any]]:
    return (each.input or {}).get("adjustments", []) if each.adjustments else []


def _adjustments(each: ItemDetail) -> tuple[AdjustmentRow, ...]:
    """Show what was entered for an item; how the files are called that it names is asked in one query."""
    entries = _entries(each)
    hashes = {name for entry in entries for name in entry["evidence"] if evidence.is_hash(name)}
    files = {name: FileLink(name, file.file_name, file.size) for name, file in evidence.files_named(hashes).items()}
    return tuple(_adjustment(each.item.rule, entry, files) for entry in entries)


def _adjustment(rule: Rule, entry: Mapping[str, Any], files: Mapping[str, FileLink]) -> AdjustmentRow:
    titles = {cause.code: cause for cause in rule.causes} if isinstance(rule, AdjustmentsRule) else {}
    cause = titles.get(entry["cause"])
    points, named = entry["points"], entry["evidence"]
    if points is None and isinstance(rule, AdjustmentsRule):
        points = decimal_text(rule.worth(entry["cause"], entry["count"], None))
    return AdjustmentRow(
        number=entry["n"],
        on=date.fromisoformat(entry["on"]),
        reason=entry["reason"],
        points=points or "0",
        count=entry["count"],
        cause=cause.title if cause else "",
        by=entry["by"],
        files=tuple(files[name] for name in named if name in files),
        filed=tuple(name for name in named if not evidence.is_hash(name)),
        voided=entry["voided"],
        void_reason=entry["void_reason"] or "",
    )


def veto_rows(detail: CardDetail) -> tuple[VetoRow, ...]:
    """Show the vetoes that stand on the card."""
    titles = {veto.code: veto.title for veto in detail.scheme.vetoes}
    return tuple(
        VetoRow(each["code"], titles[each["code"]], date.fromisoformat(each["on"]), each["reason"])
        for each in detail.vetoes
    )

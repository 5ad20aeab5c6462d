"""Scorecards as plain data for their schemas: what the services read, in the reader's language."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from workflow.api.card_schemas import CardSchema, CardSummarySchema, EditedSchema
from workflow.policy import Actor
from workflow.scoring.basis import render_basis
from workflow.scoring.missing import Missing, say_missing
from workflow.scoring.pay_gaps import say_gap
from workflow.scoring.scheme import Section
from workflow.services.paying import look_up_payroll
from workflow.services.ranking.ranked_in import ranked_in
from workflow.services.scorecards import look_up_cards, risks
from workflow.services.scorecards.appraise import Edited
from workflow.services.scorecards.look_up_cards import CardDetail, CardSummary, ItemDetail
from workflow.wording import Language

_summary = CardSummarySchema()
_full = CardSchema()
_edited = EditedSchema()


def show_rows(rows: Iterable[CardSummary]) -> Any:
    """Show cards as a list does."""
    return _summary.dump(list(rows), many=True)


def read_card(actor: Actor, card_id: int) -> Any:
    """Read one card as far as the actor may see it and show it in full; raises Refusal for one that may not be seen."""
    detail = look_up_cards.card_detail(actor, card_id)
    return {**_summary.dump(detail.summary), **_full.dump(_parts(actor, detail))}


def show_edited(edited: Edited, language: Language) -> Any:
    """Show what an edit made of the card, in few words."""
    card = edited.card
    return _edited.dump(
        {
            "id": card.id,
            "version": card.version,
            "item": {"code": edited.item.code, "points": edited.points},
            **show_totals(edited, language),
        }
    )


def show_totals(edited: Edited, language: Language) -> dict[str, Any]:
    """Give what a card adds up to; who sees only some of its items is told no more than whether it is complete."""
    card, shown = edited.card, edited.whole
    return {
        "total": card.total if shown else None,
        "provisional_total": card.provisional_total if shown else None,
        "complete": card.complete,
        "grade": card.grade if shown else None,
        "missing": show_missing(card.missing if shown else (), language),
    }


def show_missing(missing: Iterable[Iterable[str]], language: Language) -> list[dict[str, str]]:
    """Give the items without points, each with its reason and the sentence of it."""
    return [
        {"item": code, "reason": reason, "text": say_missing(Missing(reason), language)} for code, reason in missing
    ]


def _parts(actor: Actor, detail: CardDetail) -> dict[str, Any]:
    """Give what a card holds beyond its line in a list."""
    seen = {each.item.code for each in detail.items}
    missing = [pair for pair in detail.summary.missing if pair[0] in seen]
    return {
        "sections": [_section(detail, section) for section in detail.scheme.sections],
        "items": [_item(detail, each, actor.language) for each in detail.items],
        "missing": show_missing(missing, actor.language),
        "vetoes": _vetoes(detail),
        "pay": _pay(actor, detail),
        "signatures": detail.signatures,
        "allowed": detail.allowed,
        "flags": [_flag(each) for each in risks.flags_of(actor, detail.opened).risks],
        "ranked_in": _ranked_in(detail, actor.language),
    }


def _section(detail: CardDetail, section: Section) -> dict[str, Any]:
    full = section.full_marks
    return {
        "code": section.code,
        "title": section.title,
        "points": detail.sections.get(section.code),
        "full": None if full is None else detail.scheme.rounding.show(full),
    }


def _item(detail: CardDetail, each: ItemDetail, language: Language) -> dict[str, Any]:
    full = each.item.full_marks
    return {
        "code": each.item.code,
        "section": each.section,
        "title": each.item.title,
        "input": each.input,
        "points": each.row.points,
        "full": None if full is None else detail.scheme.rounding.show(full),
        "weight": each.item.weight,
        "basis": render_basis(each.row.basis, language),
        "note": each.row.note,
    }


def show_gaps(gaps: Mapping[str, str], language: Language) -> list[dict[str, str]]:
    """Give the parts of the pay without an amount, each with the reason and the sentence of it."""
    return [{"part": part, "reason": gap, "text": say_gap(gap, language)} for part, gap in gaps.items()]


def _pay(actor: Actor, detail: CardDetail) -> dict[str, Any] | None:
    found = look_up_payroll.pay_of_card(actor, detail.opened)
    if found is None:
        return None
    told = {"missing": show_gaps(found.gaps, actor.language), "basis": render_basis(found.arithmetic, actor.language)}
    return {"batch": found.batch, **found.parts, "total": found.total, **told}


def _vetoes(detail: CardDetail) -> list[dict[str, Any]]:
    titles = {veto.code: veto.title for veto in detail.scheme.vetoes}
    return [{**each, "title": titles[each["code"]]} for each in detail.vetoes]


def _ranked_in(detail: CardDetail, language: Language) -> dict[str, Any]:
    found = ranked_in(detail.opened)
    return {
        "within": found.group.within,
        "group": found.group.code,
        "group_name": found.group.title,
        "because": found.because,
        "text": found.sentence(language),
        "absent": detail.summary.absence,
        "units": found.posts,
    }


def _flag(risk: risks.Risk) -> dict[str, Any]:
    return {"kind": risk.kind, "item": risk.item, "detail": None if risk.detail is None else _plain(risk.detail)}


def _plain(detail: object) -> str:
    return format(detail, "f") if isinstance(detail, Decimal) else str(detail)

"""Files from cards: the printed form of one card or of a whole plan, and a plan's scores as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow.errors import not_seen
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.personal import ERASED
from workflow.models.plans import Plan
from workflow.models.scorecards import Scorecard, ScorecardItem, Signature
from workflow.policy import STATE_NAMES, Action, Actor, Meaning, State, card_scope
from workflow.scoring.scheme import Item, Section
from workflow.services.clock import Clock
from workflow.services.importing.workbooks import write_table
from workflow.services.printing.sheet import (
    FormDocument,
    FormItem,
    FormSection,
    FormSheet,
    FormSignature,
    FormTotal,
)
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.record.form_key import FormKey
from workflow.services.schemes.maintain_schemes import scorer_of, standing_signatures
from workflow.services.scorecards import cards
from workflow.services.scorecards.cards import OpenCard
from workflow.services.scorecards.remarks import remark_on
from workflow.when_used import WhenUsed
from workflow.wording import Language, Phrase

if TYPE_CHECKING:
    from workflow.services.printing import pdf
else:
    pdf = WhenUsed("workflow.services.printing.pdf")

HEADERS = {
    "number": Phrase("编号", "Number"),
    "subject": Phrase("编码", "Code"),
    "name": Phrase("考核对象", "Subject"),
    "unit": Phrase("单位", "Unit"),
    "state": Phrase("状态", "State"),
    "total": Phrase("合计", "Total"),
    "grade": Phrase("考核等级", "Grade"),
}
SIGNED_STATES = frozenset({State.APPROVED, State.PUBLISHED, State.SUPERSEDED})
FORM_ERASED = Phrase(
    "此人的内容已按令删除:姓名、填报、备注和依据已不在,删除前的签名不能再与所签内容核对",
    "What was kept of this person was erased by order: name, inputs, notes and bases are gone, and signatures from before can't"
    " be compared any more with what was signed",
)
METHOD_ASSUMED = Phrase("(假定:{text})", " (assumption: {text})")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose form it is, and in which time zone its times are printed."""

    company: str
    timezone: tzinfo


def form_of_card(actor: Actor, clock: Clock, card_id: int, head: Letterhead, key: FormKey) -> bytes:
    """Give the PDF of one card's form, once the card is approved signed by the organisation.

    Raises Refusal for a card whose form the reader may not have.
    """
    opened = cards.open_card(actor, Action.CARD_FORM, card_id)
    sheet, now = _sheet(opened, head.company, actor.language), clock().astimezone(head.timezone)
    form = pdf.render_forms([sheet], printed_at=now, language=actor.language)
    if sheet.digest is None or sheet.state not in SIGNED_STATES:
        return form
    stated = Stated(FormKind.CARD, sheet.card_number, sheet.card_revision, sheet.digest)
    return key.sign(form, stated, head.company, now)


def forms_of_plan(actor: Actor, clock: Clock, code: str, head: Letterhead) -> bytes:
    """Give one PDF with the forms of all the plan's cards that the reader may have; raises Refusal where there are none."""
    sheets = [_sheet(opened, head.company, actor.language) for opened in _cards_of(actor, code)]
    return pdf.render_forms(sheets, printed_at=clock().astimezone(head.timezone), language=actor.language)


def workbook_of_plan(actor: Actor, clock: Clock, code: str, head: Letterhead) -> bytes:  # noqa: ARG001 — one shape for every file of a plan
    """Give a workbook with a line for each of the plan's cards that the reader may have; raises Refusal where there are none."""
    opened = _cards_of(actor, code)
    titles = {item.code: item.title for each in opened for item in each.scorer.scheme.items.values()}
    headers = [phrase.say(actor.language) for phrase in HEADERS.values()] + list(titles.values())
    rows = [[*_facts(each, actor.language), *_points(each, list(titles))] for each in opened]
    return write_table(headers, rows)


def _cards_of(actor: Actor, code: str) -> list[OpenCard]:
    """Give the plan's current cards in the order of their numbers, as far as the reader may have them."""
    condition = card_queries.within(card_scope(actor, Action.CARD_FORM), actor.account_id)
    query = (
        select(Scorecard.id)
        .join(Plan, Plan.id == Scorecard.plan_id)
        .where(condition, Plan.code == code, Scorecard.state.not_in([State.SUPERSEDED, State.VOID]))
    )
    card_ids = db.session.scalars(query).all()
    if not card_ids:
        raise not_seen()
    items = card_queries.items_of(card_ids)
    found = card_queries.find_cards(card_ids)
    opened = [OpenCard(each, items[card_id], scorer_of(each.card.scheme_version_id)) for card_id, each in found.items()]
    return sorted(opened, key=lambda each: (each.card.number, each.card.revision))


def _sheet(opened: OpenCard, company: str, language: Language) -> FormSheet:
    card, scheme = opened.card, opened.scorer.scheme
    signatures = card_queries.standing(card_queries.signatures_of([card.id])[card.id])
    document = scheme.document
    rounding, erased = scheme.rounding, card.subject_name == ERASED
    return FormSheet(
        organisation=company,
        document=FormDocument(
            name=scheme.title,
            number=document.number if document else "",
            version=document.version if document else "",
            revision=str(document.revision) if document else "",
        ),
        title=scheme.title,
        subject_kind=scheme.subject,
        subject_name=card.subject_name,
        unit_name=opened.found.unit_title,
        period=card.period,
        card_number=card.number,
        card_revision=card.revision,
        state=State(card.state),
        sections=tuple(_section(opened, section, language) for section in scheme.sections),
        total=FormTotal(
            full=rounding.show(scheme.total.max),
            points=None if card.total is None else rounding.show(card.total),
            grade=card.grade,
        ),
        notes=tuple(text for text in (scheme.assumption, FORM_ERASED.say(language) if erased else "") if text),
        scheme_signatures=_scheme_signatures(card.scheme_version_id),
        card_signatures=tuple(_signature(each) for each in signatures),
        digest=signatures[-1].digest if signatures and not erased else None,
    )


def _section(opened: OpenCard, section: Section, language: Language) -> FormSection:
    rounding = opened.scorer.scheme.rounding
    points = opened.card.sections.get(section.code)
    return FormSection(
        title=section.title,
        full=None if section.full_marks is None else rounding.show(section.full_marks),
        points=points,
        items=tuple(_item(opened, item, opened.items[item.code], language) for item in section.items),
    )


def _item(opened: OpenCard, item: Item, row: ScorecardItem, language: Language) -> FormItem:
    rounding = opened.scorer.scheme.rounding
    method = item.describe(language)
    if item.assumption:
        method += METHOD_ASSUMED.say(language, text=item.assumption)
    return FormItem(
        title=item.title,
        full=None if item.full_marks is None else rounding.show(item.full_marks),
        points=None if row.points is None else rounding.show(row.points),
        remark=remark_on(item, row, language),
        method=method,
    )


def _signature(signature: Signature) -> FormSignature:
    return FormSignature(
        meaning=Meaning(signature.meaning),
        name=signature.name,
        at=signature.at,
        method=signature.method,
        on_behalf_of=signature.on_behalf_of,
    )


def _scheme_signatures(version_id: int) -> tuple[FormSignature, ...]:
    return tuple(
        FormSignature(meaning=Meaning(each.meaning), name=each.name, at=each.at, method=each.method)
        for each in standing_signatures(version_id)
    )


def _facts(opened: OpenCard, language: Language) -> Sequence[object]:
    card = opened.card
    state = STATE_NAMES[State(card.state)].say(language)
    return (
        card.number if not card.revision else f"{card.number}-R{card.revision}",
        card.subject_code,
        card.subject_name,
        opened.found.unit_title,
        state,
        card.total,
        card.grade,
    )


def _points(opened: OpenCard, codes: Sequence[str]) -> Sequence[object]:
    return [opened.items[code].points if code in opened.items else None for code in codes]

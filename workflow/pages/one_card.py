"""评分表: one card as the form of the source documents, with its basis, its time line and what can be done with it."""

from dataclasses import replace

from workflow import web
from workflow.lifecycle.scorecard import LIFECYCLE, STATE_NAMES, State
from workflow.pages import history
from workflow.pages.payroll import pay_panel
from workflow.pages.presenting import card_row, decimal_text, full_text, section_rows, signature_rows, veto_rows
from workflow.pages.views.cards import Action, CardLink, CardPage, Question
from workflow.pages.views.shell import Option
from workflow.pages.words import gettext as _
from workflow.policy import MOVES, ROLE_NAMES, Actor, CardFacts, Role, Trigger, acting_grant
from workflow.services.erasing import look_up_erasures
from workflow.services.ranking.ranked_in import ranked_in
from workflow.services.record.give_receipt import has_receipt
from workflow.services.scorecards import cards, look_up_neighbours, look_up_questions, risks, time_line
from workflow.services.scorecards.look_up_cards import CardDetail, card_detail
from workflow.services.scorecards.look_up_neighbours import Neighbour
from workflow.services.scorecards.look_up_questions import QuestionRow

SIGNING = {Trigger.PREPARE: Role.PREPARER, Trigger.REVIEW: Role.REVIEWER, Trigger.APPROVE: Role.APPROVER}
WITH_REASON = frozenset({Trigger.RETURN, Trigger.REVISE, Trigger.VOID})
SHOWN_THOUGH_REFUSED = frozenset({Trigger.PREPARE, Trigger.REVIEW, Trigger.APPROVE})
BACK_TO = {State.PREPARED: (State.DRAFT,), State.REVIEWED: (State.DRAFT, State.PREPARED)}


def card_page(actor: Actor, card_id: int) -> CardPage:
    """Read a card and show it; raises Refusal (not seen) for one that the reader may not see."""
    detail = card_detail(actor, card_id)
    opened = detail.opened
    around = risks.surroundings_of(actor, {card_id: opened.found})[card_id]
    line = time_line.time_line(actor, opened)
    changed = history.items(detail.scheme, line.items)
    beside = look_up_neighbours.neighbours(actor, opened)
    before = look_up_neighbours.item_values(around.previous.card_id if around.previous else None)
    sections = section_rows(detail, {code: (value, decimal_text(points)) for code, (value, points) in before.items()})
    document = detail.scheme.document
    asked = look_up_questions.about_card(actor, opened)
    return CardPage(
        card=card_row(detail.summary, change=around.change, risks=around.risks),
        document_number=document.number if document else "",
        document_version=document.version if document else "",
        document_revision=str(document.revision) if document else "",
        full=full_text(detail.scheme, detail.scheme.total.max),
        sections=tuple(
            replace(
                section,
                items=tuple(replace(each, history=changed.get(each.code, ())) for each in section.items),
            )
            for section in sections
        ),
        timeline=history.steps(line),
        actions=tuple(_actions(actor, detail, cards.facts_of(detail.opened))),
        signatures=signature_rows(detail),
        vetoes=veto_rows(detail),
        enterable_vetoes=_enterable_vetoes(detail),
        may_veto=detail.may_veto,
        editable=detail.editable,
        why_not_editable=_why_not(detail),
        acting_as=_acting_as(detail),
        pay=pay_panel(actor, opened),
        previous=_link(beside.before),
        next=_link(beside.after),
        superseded_by=_link(beside.superseded_by),
        has_receipt=has_receipt(actor, opened),
        questions=tuple(_question(each) for each in asked.rows),
        may_ask=asked.may_ask,
        erased=history.order_line(look_up_erasures.order_about(opened.card.subject_id, opened.card.subject_name)),
        ranked_in=ranked_in(opened).sentence(web.language()),
    )


def _question(row: QuestionRow) -> Question:
    return Question(
        id=str(row.id),
        version=row.version,
        state=row.state,
        text=row.text,
        asker_name=row.asker_name,
        asker_role=row.asker_role or "",
        asked_at=row.asked_at,
        item_title=row.item_title or "",
        answer=row.answer or "",
        answerer_name=row.answerer_name or "",
        answered_at=row.answered_at,
        allowed=row.allowed,
    )


def _actions(actor: Actor, detail: CardDetail, facts: CardFacts) -> list[Action]:
    """Show what can be done; of what can't, the signature that the card waits for, with the reason."""
    shown = []
    for trigger in LIFECYCLE.leaving(detail.summary.state):
        denied = detail.denied.get(trigger)
        if denied is not None and (trigger not in SHOWN_THOUGH_REFUSED or not _works_here(actor)):
            continue
        shown.append(
            Action(
                trigger=trigger,
                allowed=denied is None,
                why_not=denied.sentence(web.language()) if denied else "",
                needs_proof=trigger in SIGNING,
                needs_reason=trigger in WITH_REASON,
                targets=_targets(detail, trigger),
                on_behalf_of=_on_behalf_of(actor, trigger, facts),
            )
        )
    return shown


def _on_behalf_of(actor: Actor, trigger: str, facts: CardFacts) -> str:
    acting = acting_grant(actor, MOVES[trigger], facts)
    return acting.holder.name if acting and acting.holder else ""


def _works_here(actor: Actor) -> bool:
    """Say whether the reader signs at all: others are not told what they could not do."""
    return bool(actor.paths(SIGNING.values()))


def _targets(detail: CardDetail, trigger: str) -> tuple[Option, ...]:
    if trigger != Trigger.RETURN:
        return ()
    states = BACK_TO.get(State(detail.summary.state), ())
    return tuple(Option(state, STATE_NAMES[state].say(web.language())) for state in states)


def _enterable_vetoes(detail: CardDetail) -> tuple[Option, ...]:
    standing = {each["code"] for each in detail.vetoes}
    return tuple(Option(veto.code, veto.title) for veto in detail.scheme.vetoes if veto.code not in standing)


def _why_not(detail: CardDetail) -> str:
    if detail.editable:
        return ""
    if detail.summary.state == State.DRAFT:
        return _("您没有填写本表的授权。")
    if detail.summary.state in {State.PREPARED, State.REVIEWED}:
        return _("签署后不能修改;需要修改时请退回或撤回。")
    return _("已锁定,内容不再改变。")


def _acting_as(detail: CardDetail) -> str:
    role = next((role for trigger, role in SIGNING.items() if trigger in detail.allowed), None)
    return "" if role is None else ROLE_NAMES[role].say(web.language())


def _link(found: Neighbour | None) -> CardLink | None:
    return None if found is None else CardLink(str(found.id), found.period, found.unit, found.subject_name)

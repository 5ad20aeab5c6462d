"""我的成绩: one's own published cards, the newest first, with the trend and every deduction."""

from dataclasses import replace
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import history, shell
from workflow.pages.ledger import entry_row
from workflow.pages.manage.organisation import today
from workflow.pages.objections import beside_card
from workflow.pages.payroll import pay_panel
from workflow.pages.presenting import card_row, decimal_text, full_text, section_rows, signed, veto_rows
from workflow.pages.views.cards import SectionRow
from workflow.pages.views.ledger import MyLedgerPage
from workflow.pages.views.mine import DeductionRow, ItemChange, MonthPoint, MyScorePage
from workflow.pages.views.shell import Pager
from workflow.policy import Actor
from workflow.scoring.periods import Period
from workflow.services.objections.may_object import may_object
from workflow.services.paging import Page, PageAsked
from workflow.services.recorders import look_up_ledger
from workflow.services.recorders.look_up_ledger import EntryRow, LedgerWanted
from workflow.services.scorecards import look_up_mine, time_line
from workflow.services.scorecards.cards import card_id_of
from workflow.services.scorecards.look_up_cards import card_detail
from workflow.services.scorecards.look_up_mine import MyScore

NEWEST_ENTRIES = 5
ENTRIES_PER_PAGE = 50

blueprint = shell.area("me")


@blueprint.get("/me")
def show() -> ResponseReturnValue:
    """Show one's newest published card, of a frequency or of any, or an earlier one; else at which step the unpublished one is."""
    actor, card_id = web.actor(), request.args.get("card", "")
    score = look_up_mine.my_score(actor, card_id_of(card_id) if card_id else None, request.args.get("of"))
    page = _page(actor, score) if score else MyScorePage(card=None)
    newest = _own_entries(actor, PageAsked(NEWEST_ENTRIES))
    page = replace(page, entries=tuple(map(entry_row, newest.rows)), entries_total=newest.total)
    return render_template("me/score.html", page=_with_progress(actor, page))


@blueprint.get("/me/ledger", endpoint="ledger")
def own_ledger() -> ResponseReturnValue:
    """Show all entries of the ledger about the reader."""
    after = request.args.get("after") or None
    found = _own_entries(web.actor(), PageAsked(ENTRIES_PER_PAGE, after))
    pager = Pager(len(found.rows), found.after, first=after is None, total=found.total)
    return render_template("me/ledger.html", page=MyLedgerPage(tuple(map(entry_row, found.rows)), pager))


def _own_entries(actor: Actor, asked: PageAsked) -> Page[EntryRow]:
    return look_up_ledger.list_entries(actor, LedgerWanted(mine=True), asked, at_once=web.ledger_at_once())


def _page(actor: Actor, score: MyScore) -> MyScorePage:
    detail = card_detail(actor, score.mine.card.id)
    line = time_line.time_line(actor, detail.opened)
    sections = section_rows(detail, {})
    return MyScorePage(
        card=card_row(detail.summary, change=score.change),
        frequency=Period.parse(score.mine.card.period).frequency,
        frequencies=score.frequencies,
        full=full_text(detail.scheme, detail.scheme.total.max),
        sections=sections,
        months=tuple(
            MonthPoint(
                each.period,
                decimal_text(each.total),
                str(each.card_id or ""),
                decimal_text(each.unit_average),
            )
            for each in score.months
        ),
        changes=tuple(
            ItemChange(each.code, each.title, decimal_text(each.before), decimal_text(each.after), signed(each.change))
            for each in score.items
            if each.change
        ),
        deductions=_deductions(sections),
        vetoes=veto_rows(detail),
        timeline=history.steps(line),
        pay=pay_panel(actor, detail.opened),
        published_at=score.mine.published_at,
        acknowledged_at=score.mine.acknowledged_at,
        objecting=beside_card(may_object(actor, detail.opened, web.terms(), today())),
    )


def _deductions(sections: tuple[SectionRow, ...]) -> tuple[DeductionRow, ...]:
    """Give every deduction that stands, with what explains it."""
    return tuple(
        DeductionRow(item.code, item.title, entry)
        for section in sections
        for item in section.items
        for entry in item.adjustments
        if not entry.voided and Decimal(entry.points) < 0
    )


def _with_progress(actor: Actor, page: MyScorePage) -> MyScorePage:
    """Add at which step the unpublished card is, and nothing else of it."""
    progress = look_up_mine.my_progress(actor)
    if not progress:
        return page
    return replace(page, open_period=progress[0].period, open_step=str(progress[0].state))

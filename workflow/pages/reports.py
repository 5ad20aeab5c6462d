"""考核报告: totals, their distribution and each item's average of a plan, against the period before."""

from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import shell
from workflow.pages.presenting import decimal_text, signed
from workflow.pages.views.reports import Band, ItemRow, ReportPage, SchemePart
from workflow.pages.views.shell import Option
from workflow.policy import Action, decide_unit
from workflow.scoring.periods import Period
from workflow.services import plan_report
from workflow.services.fields import permit
from workflow.services.plan_report import BAND, ItemAverage, SchemeReport

blueprint = shell.area("reports")


@blueprint.get("/results/report")
def show() -> ResponseReturnValue:
    """Show the figures of one plan, the newest published one where none is chosen."""
    actor = web.actor()
    permit(decide_unit(actor, Action.RANKING_SEE))
    plans = plan_report.reported_plans(actor)
    code = request.args.get("plan") or (plans[0].code if plans else "")
    choices = tuple(Option(each.code, each.title) for each in plans)
    if not code:
        return render_template("results/report.html", page=ReportPage(choices))
    found = plan_report.report_on(actor, code)
    page = ReportPage(
        plans=choices,
        plan=found.plan,
        title=found.title,
        period=found.period,
        before=Period.parse(found.period).previous().label,
        schemes=tuple(_part(each) for each in found.schemes),
    )
    return render_template("results/report.html", page=page)


def _part(found: SchemeReport) -> SchemePart:
    return SchemePart(
        title=found.title,
        cards=found.cards,
        cards_before=found.cards_before,
        average=decimal_text(found.average),
        change=_change(found.change),
        highest=decimal_text(found.highest),
        lowest=decimal_text(found.lowest),
        bands=_bands(found),
        grades=found.grades,
        items=tuple(_item(each) for each in found.items),
    )


def _bands(found: SchemeReport) -> tuple[Band, ...]:
    tallest = max((each.cards for each in found.distribution), default=0)
    return tuple(
        Band(
            label=f"{each.least}–{each.least + BAND}",
            cards=each.cards,
            share=round(100 * each.cards / found.cards),
            height=round(100 * each.cards / tallest),
        )
        for each in found.distribution
    )


def _item(each: ItemAverage) -> ItemRow:
    return ItemRow(
        title=each.title,
        full=decimal_text(each.full),
        average=decimal_text(each.average),
        before=decimal_text(each.before),
        change=_change(each.change),
        share=_share(each.average, each.full),
    )


def _share(average: Decimal | None, full: Decimal | None) -> int | None:
    """Give the part of full marks that is reached, from 0 to 100; nothing where there are none to reach."""
    if average is None or not full or full < 0:
        return None
    return min(100, max(0, round(100 * average / full)))


def _change(change: Decimal | None) -> str | None:
    return None if change is None else signed(change)

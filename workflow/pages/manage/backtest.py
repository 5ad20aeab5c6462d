"""回溯试算: a version of a scheme tried on published plans. Asking again gives the same; nothing is written."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages.manage.area import blueprint
from workflow.pages.presenting import signed
from workflow.pages.views.schemes import BackTestPage, BackTestResult, ConsequenceRow, Standing, TestedRow
from workflow.pages.views.shell import Option
from workflow.scoring.scheme import Scheme
from workflow.services.schemes import backtest, look_up_schemes
from workflow.services.schemes.backtest import BackTest, Line
from workflow.services.scorecards.cards import card_id_of as number_of

MOST_ROWS = 300


@blueprint.get("/manage/schemes/<code>/<version>/backtest")
def back_test(code: str, version: str) -> ResponseReturnValue:
    """Show who would have moved in the chosen plans; without any choice, the plans to choose from."""
    actor = web.actor()
    detail = look_up_schemes.find_version(actor, code, number_of(version))
    plans = backtest.testable_plans(actor, detail.scheme)
    chosen = tuple(dict.fromkeys(request.args.getlist("plan")))
    found = backtest.back_test(actor, detail.scheme, chosen) if chosen else None
    page = BackTestPage(
        code=code,
        title=detail.scheme.title,
        version=detail.version.number,
        plans=tuple(Option(plan.code, plan.title) for plan in plans),
        chosen=chosen,
        result=None if found is None else _result(detail.scheme, found),
    )
    return render_template("manage/backtest.html", page=page)


def _result(scheme: Scheme, found: BackTest) -> BackTestResult:
    return BackTestResult(
        cards=len(found.lines),
        moved=len(found.moved),
        totals=found.count("total"),
        ranks=found.count("rank"),
        grades=found.count("grade"),
        rows=tuple(_row(scheme, line) for line in found.moved[:MOST_ROWS]),
        consequences=tuple(
            ConsequenceRow(each.period, each.subject, each.name, each.title, each.comes, each.ranks)
            for each in found.consequences[:MOST_ROWS]
        ),
    )


def _row(scheme: Scheme, line: Line) -> TestedRow:
    titles = {code: item.title for code, item in scheme.items.items()}
    return TestedRow(
        card_id=str(line.card_id),
        period=line.period,
        subject=line.subject,
        name=line.name,
        before=_standing(scheme, line.before),
        after=_standing(scheme, line.after),
        change=None if line.change is None else signed(line.change),
        missing=tuple(titles[code] for code in line.missing),
        unread=tuple(titles[code] for code in line.unread),
    )


def _standing(scheme: Scheme, standing: backtest.Standing) -> Standing:
    total = None if standing.total is None else scheme.rounding.show(standing.total)
    return Standing(total, standing.rank, standing.grade or "")

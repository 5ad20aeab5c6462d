"""工资批次: what a final plan pays, batch by batch, for administrator, HR and auditor; and the pay panel of one card."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import shell
from workflow.pages.manage.organisation import today
from workflow.pages.presenting import decimal_text
from workflow.pages.views.cards import CardLink
from workflow.pages.views.pay import PayPanel
from workflow.pages.views.payroll import BatchTab, LineRow, PayrollPage
from workflow.pages.views.shell import Option, Pager
from workflow.policy import COMPANY, Action, Actor, decide_unit
from workflow.scoring.basis import render_basis
from workflow.scoring.pay_gaps import say_gap
from workflow.services.fields import permit
from workflow.services.paging import PageAsked
from workflow.services.paying import look_up_payroll
from workflow.services.paying.export_payroll import say_gaps
from workflow.services.paying.look_up_payroll import BatchRow, PayrollRow
from workflow.services.paying.payroll import PARTS
from workflow.services.scorecards.cards import OpenCard

PER_PAGE = 50

blueprint = shell.area("payroll")


@blueprint.get("/results/payroll")
def show() -> ResponseReturnValue:
    """Show one batch of a plan's payroll, the newest where none is chosen."""
    actor, asked = web.actor(), request.args
    permit(decide_unit(actor, Action.PAY_SEE))
    plans = look_up_payroll.paid_plans(actor)
    code = asked.get("plan") or (plans[0].code if plans else "")
    choices = tuple(Option(each.code, each.title) for each in plans)
    page = _page(actor, code, choices) if code else PayrollPage(choices)
    return render_template("results/payroll.html", page=page)


def pay_panel(actor: Actor, opened: OpenCard) -> PayPanel | None:
    """Show what a card pays; None for who is not shown it, and where its scheme says nothing about pay."""
    found = look_up_payroll.pay_of_card(actor, opened)
    if found is None:
        return None
    return PayPanel(
        batch=found.batch,
        amounts=found.parts,
        gaps={part: say_gap(gap, actor.language) for part, gap in found.gaps.items()},
        total=found.total,
        steps=tuple(step["text"] for step in render_basis(found.arithmetic, actor.language)),
    )


def _page(actor: Actor, code: str, choices: tuple[Option, ...]) -> PayrollPage:
    found = look_up_payroll.plan_payroll(actor, code)
    batches = tuple(_tab(each) for each in found.batches)
    wanted = request.args.get("batch", "")
    chosen = next((each for each in batches if str(each.number) == wanted), batches[-1] if batches else None)
    after = request.args.get("after") or None
    lines = look_up_payroll.list_lines(actor, code, chosen.number if chosen else None, PageAsked(PER_PAGE, after))
    rows = tuple(_row(actor, each) for each in lines.rows)
    return PayrollPage(
        plans=choices,
        plan=found.plan,
        title=found.title,
        period=found.period,
        state=found.state,
        batches=batches,
        batch=chosen,
        parts=tuple(part for part in PARTS if any(part in row.amounts for row in rows)),
        rows=rows,
        pager=Pager(len(rows), lines.after, first=after is None, total=lines.total),
        may_correct=bool(batches) and decide_unit(actor, Action.PAY_WRITE, COMPANY) is None,
        may_set_base=decide_unit(actor, Action.PAY_WRITE) is None,
        today=today(),
    )


def _tab(found: BatchRow) -> BatchTab:
    return BatchTab(found.number, found.at, found.lines, found.without_amount, found.to_pay)


def _row(actor: Actor, found: PayrollRow) -> LineRow:
    amounts = {part: getattr(found, part) for part in PARTS}
    return LineRow(
        card=CardLink(str(found.card_id), found.period, found.unit, found.subject_name),
        number=found.number,
        revision=found.revision,
        subject=found.subject,
        unit_name=found.unit_name,
        scheme_title=found.scheme_title,
        level=found.level or "",
        points=decimal_text(found.points),
        grade=found.grade or "",
        stopped=found.stopped_title or "",
        amounts={part: amount for part, amount in amounts.items() if amount is not None or part in found.gaps},
        total=found.total,
        before=found.before,
        difference=found.difference,
        gaps=tuple(say_gaps(found.gaps, actor.language)),
        steps=tuple(step["text"] for step in render_basis(found.arithmetic, actor.language)),
    )

"""我的评价: whom one is asked to rate, and the sheet on which one does."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.numbers import plain
from workflow.pages import shell
from workflow.pages.manage.organisation import today
from workflow.pages.views.ratings import AskedItem, RatedRow, SheetPage, SheetRow, SheetsPage
from workflow.pages.views.shell import Pager
from workflow.services.paging import MOST_ROWS, PageAsked
from workflow.services.raters import look_up_my_ratings
from workflow.services.raters.look_up_my_ratings import MyRating, Sheet

PER_PAGE = 50

blueprint = shell.area("ratings")


@blueprint.get("/ratings")
def index() -> ResponseReturnValue:
    """Show what the reader is asked to rate, sheet by sheet, what waits above the rest."""
    actor, after = web.actor(), request.args.get("after") or None
    found = look_up_my_ratings.my_sheets(actor, PageAsked(PER_PAGE, after))
    page = SheetsPage(
        rows=tuple(_sheet_row(each) for each in sorted(found.rows, key=lambda each: not each.to_give)),
        pager=Pager(len(found.rows), found.after, first=after is None, total=found.total),
        to_give=look_up_my_ratings.burden_of(actor).to_give,
    )
    return render_template("ratings/list.html", page=page)


@blueprint.get("/ratings/<plan>/<scheme>/<group>")
def sheet(plan: str, scheme: str, group: str) -> ResponseReturnValue:
    """Show one sheet to fill in; what can't be changed any more stands as it was given."""
    after = request.args.get("after") or None
    found = look_up_my_ratings.sheet_of(web.actor(), plan, scheme, group, PageAsked(MOST_ROWS, after))
    rows = found.rows
    waiting = [each.due_on for each in rows if each.open and each.given_at is None and each.due_on is not None]
    due = min(waiting, default=None)
    page = SheetPage(
        plan=rows[0].plan,
        plan_title=rows[0].plan_title,
        period=rows[0].period,
        scheme=scheme,
        scheme_title=rows[0].scheme_title,
        group=group,
        items=_items(rows[0]),
        rows=tuple(_rated_row(each) for each in rows),
        pager=Pager(len(rows), found.after, first=after is None, total=found.total),
        due=due,
        late=is_late(due),
    )
    return render_template("ratings/sheet.html", page=page)


def is_late(due: date | None) -> bool:
    """Say whether a day is over."""
    return due is not None and due < today()


def _sheet_row(each: Sheet) -> SheetRow:
    return SheetRow(
        plan=each.plan,
        plan_title=each.plan_title,
        period=each.period,
        scheme=each.scheme,
        scheme_title=each.scheme_title,
        group=each.group,
        asked=each.asked,
        given=each.given,
        to_give=each.to_give,
        open=each.open,
        due=each.due_on,
        late=is_late(each.due_on),
    )


def _items(row: MyRating) -> tuple[AskedItem, ...]:
    return tuple(
        AskedItem(
            item.code,
            item.title,
            item.levels,
            "" if item.least is None else plain(item.least),
            "" if item.most is None else plain(item.most),
        )
        for item in row.items
    )


def _rated_row(each: MyRating) -> RatedRow:
    return RatedRow(
        id=str(each.id),
        version=each.version,
        state=each.state,
        open=each.open,
        subject=each.subject,
        subject_name=each.subject_name,
        unit_name=each.unit_name,
        given=each.given,
        comment=each.comment,
        given_at=each.given_at,
    )

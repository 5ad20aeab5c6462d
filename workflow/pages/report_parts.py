"""How the figures of a report are drawn and listed, as they are now or as they stood."""

from collections.abc import Mapping
from decimal import Decimal

from workflow.pages.presenting import decimal_text, signed
from workflow.pages.views.reports import Band, ItemRow, Remark, SchemePart
from workflow.services.reporting.plan_report import BAND, ItemAverage, SchemeReport

Remarks = Mapping[tuple[str, str], Remark]
"""What is said of items, by scheme and code."""


def scheme_part(found: SchemeReport, remarks: Remarks) -> SchemePart:
    """Show what the cards of one scheme say together; what the reader is not told stays empty."""
    return SchemePart(
        code=found.scheme,
        title=found.title,
        cards=found.cards,
        cards_before=found.cards_before,
        average=decimal_text(found.average),
        change=_change(found.change),
        highest=decimal_text(found.highest),
        lowest=decimal_text(found.lowest),
        bands=_bands(found),
        grades=found.grades,
        items=tuple(_item(each, remarks.get((found.scheme, each.code))) for each in found.items),
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


def _item(each: ItemAverage, remark: Remark | None) -> ItemRow:
    return ItemRow(
        code=each.code,
        title=each.title,
        full=decimal_text(each.full),
        average=decimal_text(each.average),
        before=decimal_text(each.before),
        change=_change(each.change),
        share=_share(each.average, each.full),
        remark=remark,
    )


def _share(average: Decimal | None, full: Decimal | None) -> int | None:
    """Give the part of full marks that is reached, from 0 to 100; nothing where there are none to reach."""
    if average is None or not full or full < 0:
        return None
    return min(100, max(0, round(100 * average / full)))


def _change(change: Decimal | None) -> str | None:
    return None if change is None else signed(change)

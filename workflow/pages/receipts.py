"""成绩凭据: what the receipt of a published card is, what it proves, and how it is checked without us."""

from flask import render_template
from flask.typing import ResponseReturnValue

from workflow import web
from workflow.pages import history, shell
from workflow.pages.presenting import decimal_text
from workflow.pages.views.receipts import ReceiptPage, Witnessed
from workflow.services.record.give_receipt import describe_receipt
from workflow.services.scorecards.cards import card_id_of

blueprint = shell.area("receipts")


@blueprint.get("/receipts/<card_id>")
def show(card_id: str) -> ResponseReturnValue:
    """Explain the receipt of a card and offer it."""
    found = describe_receipt(web.actor(), card_id_of(card_id))
    card, tree = found.card, found.tree
    page = ReceiptPage(
        card_id=str(card.id),
        number=card.number,
        subject_name=card.subject_name,
        period=card.period,
        total=decimal_text(card.total),
        grade=card.grade or "",
        records=found.records,
        withheld=found.withheld,
        erased=found.erased,
        order=history.order_line(found.order),
        key=found.key or "",
        size=tree.size if tree else None,
        signed_at=tree.at if tree else None,
        witnesses=tuple(Witnessed(name, at) for name, at in tree.witnesses) if tree else (),
    )
    return render_template("receipts/receipt.html", page=page)

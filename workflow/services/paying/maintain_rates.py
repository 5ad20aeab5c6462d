"""Exchange rates 汇率: entering one, and correcting one with a reason."""

import re
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from workflow.models.database import db
from workflow.models.rates import ExchangeRate
from workflow.models.types import new_id
from workflow.numbers import NumberError, parse_number
from workflow.policy import COMPANY, Action, Actor, Role, decide_unit
from workflow.scoring.rules.money import COMPANY_CURRENCY
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit
from workflow.services.scorecards import derive
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.wording import Phrase

SOURCE_LENGTH = 128
REASON_LENGTH = 1000

NO_CURRENCY = Phrase("须是三个大写字母的币种,如 USD", "must be a currency of three capitals, like USD")
OWN_CURRENCY = Phrase(
    "{currency} 是记账本位币,不需要汇率", "{currency} is the company's own currency and needs no rate"
)
NOT_POSITIVE = Phrase("必须大于 0", "must be greater than 0")
NEEDS_RATE = Phrase("请填写汇率", "is required")
NEEDS_REASON = Phrase(
    "该日已有汇率;更正请写明原因", "there is a rate for that day already: say why it is to be corrected"
)

CURRENCY = re.compile(r"[A-Z]{3}")


def put_rate(
    actor: Actor,
    clock: Clock,
    *,
    currency: str,
    starts_on: date,
    rate: object,
    source: str,
    reason: str = "",
    kept: Kept | None = None,
) -> ExchangeRate:
    """Enter a rate from a day on; where that day has one already, this corrects it and says why. Drafts follow.

    Without a rate the one of that day is taken back. Raises Refusal.
    """
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.RATES_WRITE, COMPANY))
        fields = Fields()
        row = ExchangeRate(id=new_id(), currency=read_currency(fields, "currency", currency), starts_on=starts_on)
        row.source = fields.text("source", source, SOURCE_LENGTH)
        row.reason = fields.text("reason", reason, REASON_LENGTH, least=0)
        row.rate = _read_rate(fields, rate)
        if row.currency == COMPANY_CURRENCY:
            fields.wrong("currency", OWN_CURRENCY, currency=row.currency)
        before = _newest(row.currency, starts_on)
        row.number = 1 if before is None else before.number + 1
        if before is None and rate is None:
            fields.wrong("rate", NEEDS_RATE)
        if before is not None and not row.reason:
            fields.wrong("reason", NEEDS_REASON)
        fields.check()
        event = "rate.correct" if before else "rate.put"
        work.create(row, event, role=Role.ADMINISTRATOR, reason=row.reason)
        derive.follow_rate(work, row)
        work.finish(row)
        return row


def read_currency(fields: Fields, path: str, text: str) -> str:
    """Read a currency: three capitals."""
    currency = text.strip().upper()
    if not CURRENCY.fullmatch(currency):
        fields.wrong(path, NO_CURRENCY)
    return currency


def _read_rate(fields: Fields, rate: object) -> Decimal | None:
    if rate is None:
        return None
    try:
        read = parse_number(rate)
    except NumberError as error:
        fields.wrong("rate", error.phrase)
        return None
    if read <= 0:
        fields.wrong("rate", NOT_POSITIVE)
    return read


def _newest(currency: str, starts_on: date) -> ExchangeRate | None:
    query = select(ExchangeRate).where(ExchangeRate.currency == currency, ExchangeRate.starts_on == starts_on)
    return db.session.scalar(query.order_by(ExchangeRate.number.desc()).limit(1))

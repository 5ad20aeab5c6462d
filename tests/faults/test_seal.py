"""The fourth place of the lock: whoever removes the guards can change a signed card, but the digest shows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, update

from tests.support.bare_app import opened
from tests.support.company_fixtures import Company
from tests.support.databases import POSTGRESQL, SQLITE, Database
from tests.support.raw import FORGED_AT, connected
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from tests.support.stocked import SIGNERS, adjust
from tests.support.world import BY_PASSWORD, bring_to, build_world, card_of, fill, find_world, move, open_plan
from workflow.errors import Reason, Refusal
from workflow.models import card_queries
from workflow.models.database import db
from workflow.models.guards import STILL_MOVES
from workflow.models.scorecards import Scorecard, Signature
from workflow.models.tables import metadata
from workflow.services.scorecards import cards, sign
from workflow.services.scorecards.asking import Asked
from workflow.services.scorecards.sealing import digest_of

CLOCK = SettableClock()
PARTS = ("scorecard_item", "adjustment", "signature", "signature_void")


def table_of(name: str) -> Table:
    return metadata.tables[name]


@pytest.fixture(scope="module")
def unguarded(module_database: Database) -> Database:
    """A company whose guards somebody has removed, with a card of 客户部 and one of E101 that are reviewed."""
    clock = SettableClock()
    with opened(module_database):
        world = build_world(clock)
        open_plan(world, clock)
        fill(world, clock, card_of("customer"))
        adjust(world, clock, card_of("E101"))
        for subject, (username, trigger) in product(("customer", "E101"), SIGNERS[:2]):
            move(world, clock, card_of(subject), username, trigger)
    with connected(module_database, as_owner=True) as connection:
        for order in remove_guards(connection):
            connection.exec_driver_sql(order)
        connection.commit()
    return module_database


def remove_guards(connection: Connection) -> Iterator[str]:
    """Give what removes the update triggers of a card, and on PostgreSQL the constraints that would be in the way."""
    for name in ("scorecard", *PARTS):
        where = f" ON {name}" if connection.dialect.name == POSTGRESQL else ""
        yield f"DROP TRIGGER guard_{name}_update{where}"
    if connection.dialect.name == POSTGRESQL:
        for constraint in ("fk_adjustment_entered_by", "fk_adjustment_voided_by", "ck_adjustment_voided"):
            yield f"ALTER TABLE adjustment DROP CONSTRAINT {constraint}"
        yield "ALTER TABLE adjustment DROP CONSTRAINT ck_adjustment_count_or_points"
        yield "ALTER TABLE scorecard DROP CONSTRAINT fk_scorecard_scheme_version_id"


OUT_OF_THE_WAY = {"scheme_version_id": 1}
"""Sealed too, but without its scheme nobody gets as far as the seal."""

SEALED: dict[str, dict[str, Any]] = {
    "scorecard": {
        "total": Decimal("100"),
        "grade": "优秀",
        "sections": {},
        "vetoes": [{"code": "fraud"}],
        "number": "2026-10-9999",
        "revision": 7,
        "period": "2026-11",
        "subject_code": "market",
    },
    "scorecard_item": {
        "input": {"level": "优秀"},
        "note": "改过",
        "points": Decimal("5"),
        "basis": [],
        "code": "forged",
    },
    "adjustment": {
        "item_code": "floor",
        "number": 9,
        "happened_on": date(2026, 10, 30),
        "reason": "表扬",
        "cause": "praise",
        "count": 3,
        "points": Decimal("9"),
        "evidence": ["sha256:0"],
        "entered_by": 1,
        "entered_at": FORGED_AT,
        "voided_by": 1,
        "voided_at": FORGED_AT,
        "void_reason": "作废",
    },
}


def test_every_column_that_says_what_was_scored_is_sealed() -> None:
    """What is left out says who the row is, where the card stands, or follows from what is sealed."""
    kept_out = {
        "scorecard": {
            *STILL_MOVES["scorecard"], *OUT_OF_THE_WAY, "id", "plan_id", "scheme_code", "revises_id", "subject_kind", "subject_id",
            "subject_name", "unit_id", "appraised_person_id", "provisional_total", "complete", "missing",
        },
        "scorecard_item": {"id", "record_id", "scorecard_id", "position", "source", "is_fed"},
        "adjustment": {"id", "record_id", "scorecard_id", "ledger_entry_id"},
    }  # fmt: skip
    for name, sealed in SEALED.items():
        assert {*sealed, *kept_out[name]} == set(table_of(name).c.keys())


@pytest.mark.parametrize(("name", "column"), [(name, column) for name, sealed in SEALED.items() for column in sealed])
def test_what_is_changed_past_the_guards_can_no_longer_be_signed(unguarded: Database, name: str, column: str) -> None:
    with opened(unguarded):
        approver, card = find_world().actor("approver"), card_of("E101" if name == "adjustment" else "customer")
        card_id, version = card.id, card.version
        signed = standing_signatures(card_id)[-1].digest
        assert seal(card_id) == signed
        with forged(unguarded, name, column, card_id):
            assert seal(card_id) != signed
            with refused(Reason.CONTENT_CHANGED):
                sign.move(approver, CLOCK, card_id, Asked("approve", BY_PASSWORD), seen_version=version)
        assert db.session.get_one(Scorecard, card_id, populate_existing=True).state == "reviewed"


def test_a_card_whose_scheme_was_exchanged_can_not_even_be_opened(unguarded: Database) -> None:
    with opened(unguarded):
        approver, card = find_world().actor("approver"), card_of("customer")
        card_id, version = card.id, card.version
        with forged(unguarded, "scorecard", "scheme_version_id", card_id), pytest.raises(Refusal):
            sign.move(approver, CLOCK, card_id, Asked("approve", BY_PASSWORD), seen_version=version)


@contextmanager
def forged(database: Database, name: str, column: str, card_id: int) -> Iterator[None]:
    """Change one row of the card, as somebody can who has removed the guards, and change it back at the end."""
    table = table_of(name)
    key = table.c.id if name == "scorecard" else table.c.scorecard_id
    db.session.rollback()
    with connected(database, as_owner=True) as connection:
        if database.kind == SQLITE:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        query = select(table.c.id, table.c[column]).where(key == card_id).order_by(table.c.id)
        row_id, before = connection.execute(query.limit(1)).one()
        order = update(table).where(table.c.id == row_id)
        connection.execute(order.values({column: OUT_OF_THE_WAY.get(column, SEALED[name].get(column))}))
        connection.commit()
        try:
            yield
        finally:
            db.session.rollback()
            connection.execute(order.values({column: before}))
            connection.commit()


def seal(card_id: int) -> str:
    """The digest of the card as it stands now."""
    db.session.rollback()
    return digest_of(cards.open_many([card_id])[card_id], card_queries.adjustments_of([card_id]))


def standing_signatures(card_id: int) -> tuple[Signature, ...]:
    return card_queries.standing(card_queries.signatures_of([card_id])[card_id])


def test_the_digest_of_a_locked_card_shows_for_ever_what_was_approved(company: Company) -> None:
    card = bring_to(company.world, company.clock, company.card("customer"), "approved")
    assert {signature.digest for signature in standing_signatures(card.id)} == {seal(card.id)}
    company.move(card, "admin", "publish")
    assert {signature.digest for signature in standing_signatures(card.id)} == {seal(card.id)}

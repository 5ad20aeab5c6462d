"""Sixteen at once with the same one-time code: one gets in, nobody else (source: records.md, Signatures)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyotp

from config import Settings
from tests.support.company_fixtures import Company
from tests.support.world import PASSWORD
from workflow.errors import ErrorCode, Refusal
from workflow.models.database import db
from workflow.services.accounts import enrol_codes, identify
from workflow.services.accounts.identify import TOKEN, Identity

THREADS = 16
IN = "in"


def test_a_code_told_by_sixteen_at_once_is_accepted_once(company: Company, tmp_path: Path) -> None:
    settings = Settings.from_environment({"KAOGONG_INSTANCE": str(tmp_path), "KAOGONG_SECRET_KEY": "x" * 32})
    together = threading.Barrier(THREADS)

    def enter(address: str, otp: str | None = None) -> Identity:
        door = {"address": address, "kind": TOKEN, "request_id": ""}
        return identify.sign_in("preparer", PASSWORD, otp, **door, clock=company.clock, settings=settings)[1]

    def attempt(runner: int) -> str:
        with company.app.app_context():
            together.wait()
            try:
                enter(f"10.0.0.{runner}", code)
            except Refusal as refusal:
                return refusal.denied.code
            finally:
                db.session.remove()
            return IN

    entered = enter("10.0.1.1")
    enrol_codes.begin(entered, PASSWORD, company.clock, settings)
    offer = enrol_codes.look_up(entered, company.clock, settings).offer
    assert offer is not None
    device = pyotp.TOTP(offer.secret)
    enrol_codes.confirm(entered, device.at(company.clock()), company.clock, settings)
    company.clock.advance(seconds=30)
    code = device.at(company.clock())
    db.session.remove()
    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(attempt, range(THREADS)))
    assert sorted(told) == sorted([IN, *[ErrorCode.CREDENTIAL_REQUIRED] * (THREADS - 1)])

"""What the tests of faults share: people at work on a server that is a process of its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.application import keep_log, make_settings
from tests.support.command import Installation
from tests.support.company_fixtures import Company
from tests.support.load import Ask, Client, Load, edits, signings
from tests.support.stocked import FULL_MARKET
from tests.support.works import Works
from tests.support.world import PASSWORD, card_of, fill
from workflow.services.accounts.identify import TOKEN, sign_in
from workflow.web import wall_clock

EDITED = {"customer": "survey", "sales": "complaints", "east": "survey"}


@pytest.fixture
def works(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Works:
    """Three people who edit and one who signs and withdraws, each on a card of their own."""
    monkeypatch.setenv("KAOGONG_SIGN_PROOF_MINUTES", "60")  # for as long as the servers are killed
    settings = make_settings(company.database, tmp_path)
    company.app.config.update(SETTINGS=settings)
    fill(company.world, company.clock, card_of("market"), FULL_MARKET)
    keep_log(company.app, company.clock)
    installation = Installation(tmp_path, replace(company.database, owner_url=None))
    token, _ = sign_in("preparer", PASSWORD, address="", kind=TOKEN, clock=wall_clock, settings=settings)
    clients = [client(token, code, edits(card_of(code).id, item)) for code, item in EDITED.items()]
    clients.append(client(token, "market", signings(card_of("market").id)))
    return Works(company, installation, Load(clients))


def client(token: str, subject: str, asks: Ask) -> Client:
    card = card_of(subject)
    return Client(subject, token, card.id, asks, card.version)

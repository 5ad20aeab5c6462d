"""Acknowledged means durable: the server is killed at random moments under load, and nothing that it had answered is lost.

No change is half there, what was asked again acts once, and the written record holds (source: records.md).
"""

import os
import random

from tests.support.databases import POSTGRESQL, SQLITE
from tests.support.works import Works

KILLS = int(os.environ.get("FAULTS_KILLS", "0"))
"""How often the server is killed, as `make faults` asks for; else a few times, and once on PostgreSQL."""

FEW = {SQLITE: 2, POSTGRESQL: 1}
WITHIN_SECONDS = 0.6
"""The kill comes at any moment of this time after everybody has begun to work."""

PROVED_EVERY = 10


def test_nothing_that_was_answered_is_lost_and_nothing_is_half_there(works: Works) -> None:
    chance, kills = random.Random(), KILLS or FEW[works.company.database.kind]  # noqa: S311 — any moment will do
    for kill in range(1, kills + 1):
        works.kill_under_load(chance.uniform(0, WITHIN_SECONDS))
        if kill % PROVED_EVERY == 0:
            works.check_the_record()
    works.settle()
    works.check_the_record()
    assert works.load.done >= kills
    for each in works.load.clients:
        assert works.changes(each.card) == each.version, each

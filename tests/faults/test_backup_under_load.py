"""A backup made while people work holds what they were told before, and what is restored follows from the last checkpoint."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.application import make_settings
from tests.support.bare_app import opened
from tests.support.command import wait_until
from tests.support.elsewhere import another
from tests.support.works import Works
from workflow.models.database import db
from workflow.models.log_tree import size_of, tile_reader
from workflow.models.scorecards import Scorecard
from workflow.records.merkle import check_consistency, consistency_proof
from workflow.records.tiles import reading
from workflow.services.backup import back_up
from workflow.services.record import sequence_log
from workflow.services.record.keep_checkpoints import CheckpointFolder
from workflow.web import wall_clock


def versions(works: Works) -> dict[int, int]:
    """The version of each card that its client was last told of."""
    return {each.card: each.version for each in works.load.clients}


def test_restored_elsewhere_it_proves_that_it_goes_on_from_the_last_checkpoint(
    works: Works, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder, file = tmp_path / "elsewhere", tmp_path / "backup"
    with another(works.company.database, folder, request) as empty:
        settings = replace(works.settings, database_owner_url=works.company.database.owner_url)
        with works.installation.serving_until_killed() as (port, kill), works.load.on(port):
            wait_until(lambda: works.load.done > 10)
            last = CheckpointFolder(settings.checkpoint_dir).newest()
            done = works.load.done
            # So many answers that one change at least began after that checkpoint.
            wait_until(lambda: works.load.done > done + len(works.load.clients))
            done, before = works.load.done, versions(works)
            back_up.back_up(settings, wall_clock, file)
            wait_until(lambda: works.load.done > done + 5)
            kill()
        after = versions(works)
        with opened(empty):
            there = make_settings(empty, folder, KAOGONG_LOG_KEY_FILE=str(settings.log_key_file))
            assert back_up.restore(there, wall_clock, file).verdict.holds
            restored = {card.id: card.version for card in db.session.scalars(select(Scorecard))}
            assert all(before[card] <= restored[card] <= after[card] + 1 for card in before)
            sequence_log.of(there, wall_clock).catch_up()
            with db.engine.connect() as connection:
                head = CheckpointFolder(there.checkpoint_dir).newest()
                assert last is not None
                assert head is not None
                assert head.size == size_of(connection) > last.size
                proof = consistency_proof(last.size, head.size, reading(head.size, tile_reader(connection)))
            check_consistency(last.size, last.root, head.size, head.root, tuple(proof))

"""`kaogong worker`: what goes on beside the server, until it is told to stop."""

import logging
import os
import signal
import threading
from collections.abc import Callable

import click
from flask import current_app
from flask.ctx import AppContext

from workflow import web
from workflow.cli.application import on_database
from workflow.services.record import sequence_log, verify_runs
from workflow.services.record.ask_witnesses import ask_all
from workflow.services.record.sequence_log import CANNOT_GO_ON

EVERY_SECONDS = 2.0
"""How often it looks for records that wait for their place in the log; a checkpoint is due within ten seconds."""

logger = logging.getLogger(__name__)


@click.command("worker")
@click.option("--parent", type=int, help="Stop when this process, which started it, is gone.")
@on_database
def worker(parent: int | None) -> None:
    """Keep the log of the record, have witnesses co-sign it, and prove it for who asks, until stopped."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: stop.set())
    for beside in (_ask_witnesses, _prove):
        threading.Thread(target=beside, args=(current_app.app_context(), stop), daemon=True).start()
    sequencer = sequence_log.of(web.settings(), web.clock())
    again_and_again(sequencer.catch_up, lambda: stop.wait(EVERY_SECONDS) or parent not in {None, os.getppid()})
    stop.set()


def again_and_again(act: Callable[[], object], wait: Callable[[], bool]) -> None:
    """Act until `wait` says that it is over; what keeps the log from going on is told once, and tried again."""
    told = ""
    while True:
        wrong = ""
        try:
            act()
        except CANNOT_GO_ON as error:
            wrong = str(error)
        if wrong not in {"", told}:
            logger.error("the log does not go on: %s", wrong)
        told = wrong
        if wait():
            return


def _ask_witnesses(context: AppContext, stop: threading.Event) -> None:
    """Ask them in a thread of its own: one that is slow to answer keeps nobody waiting."""
    with context:
        witnesses, clock = web.settings().witnesses, web.clock()
        again_and_again(lambda: ask_all(witnesses, clock, anew=True), lambda: True)
        again_and_again(lambda: ask_all(witnesses, clock), lambda: not witnesses or stop.wait(EVERY_SECONDS))


def _prove(context: AppContext, stop: threading.Event) -> None:
    """Prove the record for whoever asked, in a thread of its own: the log goes on meanwhile."""
    with context:
        settings, clock = web.settings(), web.clock()
        again_and_again(lambda: verify_runs.work_off(settings, clock), lambda: stop.wait(EVERY_SECONDS))

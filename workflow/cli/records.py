"""`kaogong records`: proving the written record."""

import json
import sys
from typing import Any

import click

from workflow.cli.application import in_application
from workflow.records.faults import Fault
from workflow.services import verify_records
from workflow.services.verify_records import Verdict
from workflow.wording import Language, Phrase

HOLDS = Phrase(
    "书面记录完整无误:{records} 条记录,{entities} 个对象,其中 {pending} 条待入日志",
    "The written record holds: {records} records of {entities} entities, of which {pending} wait for the log",
)
BROKEN = Phrase(
    "书面记录在此处被破坏(此前的 {records} 条无误):",
    "The written record is broken here ({records} records before hold):",
)


@click.group("records")
def records_group() -> None:
    """Prove the written record."""


@records_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@in_application
def verify(*, as_json: bool) -> None:
    """Prove every record and that all that is there is what the records tell; exit 1 names the first broken place."""
    with click.progressbar(length=verify_records.count(), label="校验 / Verify", file=sys.stderr) as bar:
        verdict = verify_records.verify(bar.update)
    click.echo(json.dumps(told(verdict), ensure_ascii=False) if as_json else "\n".join(lines(verdict)))
    sys.exit(0 if verdict.holds else 1)


def lines(verdict: Verdict) -> list[str]:
    """Tell the verdict in both languages."""
    counts = {"records": verdict.records, "entities": verdict.entities, "pending": verdict.pending}
    if verdict.fault is None:
        return [HOLDS.say(language, **counts) for language in Language]
    return [line for language in Language for line in _broken(verdict.fault, counts, language)]


def _broken(fault: Fault, counts: dict[str, int], language: Language) -> list[str]:
    return [BROKEN.say(language, **counts), f"  {fault.sentence(language)}", f"  {fault.advice(language)}"]


def told(verdict: Verdict) -> dict[str, Any]:
    """Give the verdict as data."""
    fault = verdict.fault
    return {
        "holds": verdict.holds,
        "records": verdict.records,
        "entities": verdict.entities,
        "pending": verdict.pending,
        "fault": None
        if fault is None
        else {
            **fault.place(),
            "sentence": {language.value: fault.sentence(language) for language in Language},
            "advice": {language.value: fault.advice(language) for language in Language},
        },
    }

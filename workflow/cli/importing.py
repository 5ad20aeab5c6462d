"""`kaogong import`: the same import as on the page."""

from datetime import date
from pathlib import Path

import click

from workflow import web
from workflow.cli.application import on_database
from workflow.cli.saying import in_both, saying_refusals
from workflow.cli.score import EXISTING_FILE
from workflow.lifecycle.import_batch import Kind, Trigger
from workflow.policy import COMPANY, SYSTEM, Actor, Grant, Role
from workflow.services.importing import import_data
from workflow.services.importing.import_data import Asked
from workflow.services.importing.import_rows import OUTCOME_NAMES, CheckedRow, Outcome

WRONG = (
    "有行填写有误,没有导入任何内容:请改正后再导入,或加 --only-correct 只导入正确的行。 / "
    "Some rows are wrong and nothing was brought in: put them right, or leave them out with --only-correct."
)


@click.command("import")
@click.argument("file", metavar="FILE.xlsx", type=EXISTING_FILE)
@click.option(
    "--template", "kind", required=True, type=click.Choice([str(kind) for kind in Kind]), help="What the file holds."
)
@click.option("--dry-run", is_flag=True, help="Say what each row would do, and write nothing.")
@click.option("--only-correct", is_flag=True, help="Leave wrong rows out.")
@on_database
def import_file(file: Path, kind: str, *, dry_run: bool, only_correct: bool) -> None:
    """Bring staff or measurements in from an Excel file; all of its rows or none."""
    content, today = file.read_bytes(), web.clock()().astimezone(web.settings().timezone).date()
    with saying_refusals():
        rows = import_data.preview(_whole_company(), Kind(kind), content, today)
        _tell(rows)
        wrong = any(row.outcome is Outcome.ERROR for row in rows)
        if wrong and not only_correct and not dry_run:
            raise click.ClickException(WRONG)
        if not dry_run:
            _bring_in(Kind(kind), file.name, content, today, only_correct=only_correct)


def _bring_in(kind: Kind, name: str, content: bytes, today: date, *, only_correct: bool) -> None:
    """Upload, check and apply; what became wrong since it was told is left out only where that was asked for."""
    actor, clock = _whole_company(), web.clock()
    batch = import_data.upload(actor, clock, kind, name, content)
    for asked in (Asked(Trigger.VALIDATE), Asked(Trigger.APPLY, only_correct=only_correct)):
        batch = import_data.move(actor, clock, batch.id, asked, today=today, seen_version=batch.version)
    click.echo(f"{batch.file_name} ({batch.id})")


def _tell(rows: tuple[CheckedRow, ...]) -> None:
    """Say what is wrong or odd of each row, then how many rows would do what."""
    for row in rows:
        for each in (*row.errors, *row.warnings):
            click.echo(f"{row.number}: {row.label} {each.path}: {in_both(each.phrase, **each.facts)}", err=True)
    for outcome, count in import_data.counts(rows).items():
        click.echo(f"{in_both(OUTCOME_NAMES[Outcome(outcome)])}: {count}")


def _whole_company() -> Actor:
    """Give who brings in for whoever has the machine."""
    return SYSTEM.granted(Grant(Role.ADMINISTRATOR, COMPANY), Grant(Role.HR, COMPANY))

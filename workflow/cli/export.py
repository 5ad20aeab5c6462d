"""`kaogong export`: the same files as on the pages."""

from pathlib import Path

import click

from workflow import web
from workflow.cli.application import on_database
from workflow.cli.saying import saying_refusals
from workflow.policy import COMPANY, SYSTEM, Actor, Grant, Role
from workflow.services.paying import export_payroll
from workflow.services.scorecards import export_plan
from workflow.services.scorecards.export_plan import Letterhead

WRITERS = {".pdf": export_plan.forms_of_plan, ".xlsx": export_plan.workbook_of_plan}


@click.group("export")
def export_group() -> None:
    """Write what a plan holds, or pays, to a file."""


@export_group.command("plan")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@on_database
def plan(code: str, file: Path) -> None:
    """Write the plan's forms to FILE.pdf, or its scores to FILE.xlsx."""
    write = WRITERS.get(file.suffix)
    if write is None:
        raise click.BadParameter("FILE.pdf / FILE.xlsx", param_hint="FILE")
    with saying_refusals():
        file.write_bytes(
            write(_reader(), web.clock(), code, Letterhead(web.settings().company, web.settings().timezone))
        )
    click.echo(str(file))


@export_group.command("payroll")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@on_database
def payroll(code: str, file: Path) -> None:
    """Write the payroll of a final plan, frozen batch and differences, to FILE.xlsx."""
    if file.suffix != ".xlsx":
        raise click.BadParameter("FILE.xlsx", param_hint="FILE")
    with saying_refusals():
        file.write_bytes(export_payroll.workbook_of_payroll(_reader(), code))
    click.echo(str(file))


def _reader() -> Actor:
    """Give who reads for whoever has the machine: the whole company."""
    return SYSTEM.granted(Grant(Role.ADMINISTRATOR, COMPANY))

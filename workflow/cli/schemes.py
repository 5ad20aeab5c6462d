"""`kaogong scheme load` and `scheme show`, beside `scheme check`."""

from pathlib import Path

import click

from workflow import web
from workflow.cli.application import on_database
from workflow.cli.saying import saying_refusals
from workflow.cli.score import EXISTING_FILE, read_scheme, scheme_group
from workflow.policy import COMPANY, SYSTEM, Grant, Role
from workflow.scoring.loading import dump_scheme
from workflow.services.schemes import maintain_schemes

__all__ = ["load", "scheme_group", "show"]


@scheme_group.command("load")
@click.argument("scheme_file", metavar="FILE", type=EXISTING_FILE)
@on_database
def load(scheme_file: Path) -> None:
    """Save a scheme as a new draft version, to be signed on the pages."""
    scheme = read_scheme(scheme_file)
    loader = SYSTEM.granted(Grant(Role.ADMINISTRATOR, COMPANY))
    with saying_refusals():
        version = maintain_schemes.load_version(loader, web.clock(), scheme.to_data())
    click.echo(f"{version.code}: {version.number}")


@scheme_group.command("show")
@click.argument("code")
@on_database
def show(code: str) -> None:
    """Print the newest version of a scheme as YAML."""
    with saying_refusals():
        version = maintain_schemes.newest(code)
    click.echo(dump_scheme(version.content), nl=False)

"""`kaogong state-diagram`: a transition table as Mermaid."""

import click

from workflow.lifecycle.diagrams import KINDS, diagram


@click.command("state-diagram")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
def state_diagram(kind: str) -> None:
    """Print the states and moves of KIND as a Mermaid diagram."""
    click.echo(diagram(kind))

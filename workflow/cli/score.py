"""`kaogong score`, `kaogong rank` and `kaogong scheme check`: scoring and ranking without a database."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from workflow.scoring.card import Card
from workflow.scoring.engine import Scorer, compile_scheme
from workflow.scoring.errors import FieldError, InputError
from workflow.scoring.loading import load_json, load_scheme
from workflow.scoring.ranking_input import rank_periods
from workflow.scoring.scheme import Scheme
from workflow.wording import Language

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LANGUAGE = click.Choice([language.value for language in Language])
INVALID = 2


@click.command("score")
@click.option("--scheme", "scheme_file", type=EXISTING_FILE, required=True, help="The scheme, as YAML or JSON.")
@click.option(
    "--input", "input_file", type=EXISTING_FILE, required=True, help="One card, or an array of cards, as JSON."
)
@click.option("--no-basis", is_flag=True, help="Leave the bases out.")
@click.option(
    "--language", type=LANGUAGE, default=Language.ZH.value, show_default=True, help="Language of the sentences."
)
def score(scheme_file: Path, input_file: Path, no_basis: bool, language: str) -> None:  # noqa: FBT001 - a click flag
    """Score cards by a scheme; needs no database. Exits with 2 where the scheme or an input is invalid."""
    scorer = compile_scheme(read_scheme(scheme_file))
    cards = read_json(input_file)
    if isinstance(cards, list):
        _score_all(scorer, cards, Language(language), basis=not no_basis)
        return
    try:
        result = _score_one(scorer, cards, Language(language), basis=not no_basis)
    except InputError as error:
        raise Refused(input_file, error) from None
    write(json.dumps(result, ensure_ascii=False))


def _score_one(scorer: Scorer, card: object, language: Language, *, basis: bool) -> dict[str, Any]:
    return scorer.score(Card.from_data(card), basis=basis).to_data(language, basis=basis)


def _score_all(scorer: Scorer, cards: list[Any], language: Language, *, basis: bool) -> None:
    """Print the results in order; an invalid card leaves its error in its place and 2 as the exit code."""
    refusals = 0

    def lines() -> Iterator[str]:
        nonlocal refusals
        for card in cards:
            try:
                result = _score_one(scorer, card, language, basis=basis)
            except InputError as error:
                refusals += 1
                result = {"error": str(error)}
            yield json.dumps(result, ensure_ascii=False)

    write("[" + ",\n".join(lines()) + "]")
    if refusals:
        click.echo(f"{refusals} of {len(cards)} cards are invalid", err=True)
        raise SystemExit(INVALID)


@click.command("rank")
@click.option("--scheme", "scheme_file", type=EXISTING_FILE, required=True, help="The scheme, as YAML or JSON.")
@click.option("--input", "input_file", type=EXISTING_FILE, required=True, help="The totals of the periods, as JSON.")
def rank(scheme_file: Path, input_file: Path) -> None:
    """Rank the totals of successive periods and propose consequences; needs no database. Exits with 2 if invalid."""
    scheme = read_scheme(scheme_file)
    try:
        result = rank_periods(scheme, read_json(input_file))
    except InputError as error:
        raise Refused(input_file, error) from None
    write(json.dumps(result, ensure_ascii=False))


@click.group("scheme")
def scheme_group() -> None:
    """Check, load and print schemes."""


@scheme_group.command("check")
@click.argument("scheme_file", metavar="FILE", type=EXISTING_FILE)
def check(scheme_file: Path) -> None:
    """Validate a scheme; warnings go to standard error. Exits with 2 where it is invalid."""
    scheme = read_scheme(scheme_file)
    items = len(scheme.items)
    click.echo(f"{scheme.code}: {items} items, valid")


def write(text: str) -> None:
    """Print JSON as UTF-8 whatever the terminal speaks; half a character pair comes out as its JSON escape."""
    click.echo(text.encode("utf-8", "backslashreplace"))


def read_scheme(path: Path) -> Scheme:
    """Load a scheme and tell its warnings on standard error; an invalid one ends the command with 2."""
    try:
        scheme = load_scheme(path)
    except FieldError as error:
        raise Refused(path, error) from None
    for warning in scheme.warnings:
        click.echo(f"{path}: warning: {warning}", err=True)
    return scheme


def read_json(path: Path) -> Any:
    """Load JSON with the text of its numbers kept; what is no JSON ends the command with 2."""
    try:
        return load_json(path.read_bytes())
    except (ValueError, FieldError) as error:
        raise Refused(path, error) from None


class Refused(click.ClickException):
    """The end of a command over a file that is invalid: the message names the file and what is wrong in it."""

    exit_code = INVALID

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(f"{path}: {error}")

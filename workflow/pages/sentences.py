"""`_()` of the templates: a sentence is looked up in the catalogue once in a process, not each time that a page says it."""

from functools import cache

from flask import Flask
from flask_babel import get_locale, gettext
from markupsafe import Markup


def say(text: str, /, **values: object) -> Markup:
    """Give a sentence of the templates in the reader's language, with `values`, escaped, at its named places.

    What is given as `text` stands in a template and is kept for good: never what somebody typed.
    """
    language = str(get_locale())
    return _in(language, text) % values if values else _whole(language, text)


def register(app: Flask) -> None:
    """Give `app` the way in which its templates say sentences."""
    app.jinja_env.globals.update({"_": say, "gettext": say})


@cache
def _whole(language: str, text: str) -> Markup:
    """A sentence without places: a doubled per cent sign is one, as it is in a sentence with them."""
    return _in(language, text) % {}


@cache
def _in(language: str, text: str) -> Markup:  # noqa: ARG001 — the catalogue asks the request for its language
    return Markup(gettext(text))  # noqa: S704 — templates and the catalogue are the product's own

"""Sentences of the pages, looked up in the reader's catalogue."""

import flask_babel


def gettext(text: str, **values: object) -> str:
    """Give the sentence in the reader's language with its places filled."""
    return str(flask_babel.gettext(text, **values))

"""The application as servers and the Flask command find it: `wsgi:app`."""

import gc

gc.disable()  # what is imported and wired stays; looking through it for garbage would only delay the start

from config import Settings  # noqa: E402 — after the line above
from workflow.app import create_app  # noqa: E402 — likewise

app = create_app(Settings.from_environment())
gc.freeze()
gc.enable()

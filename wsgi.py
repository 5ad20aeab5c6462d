"""The application as servers and the Flask command find it: `wsgi:app`."""

from config import Settings
from workflow.app import create_app

app = create_app(Settings.from_environment())

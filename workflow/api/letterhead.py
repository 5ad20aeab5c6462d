"""Whose forms are printed, as the settings say."""

from workflow import web
from workflow.services.scorecards.export_plan import Letterhead


def letterhead() -> Letterhead:
    """Give the company's name and time zone."""
    return Letterhead(web.settings().company, web.settings().timezone)

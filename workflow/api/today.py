"""Which day it is in the company's time zone."""

from datetime import date

from workflow import web


def today() -> date:
    """Give the present day, by the clock of the request, where the company is."""
    return web.clock()().astimezone(web.settings().timezone).date()

"""How a list is asked for in parts."""

from workflow.api.fields import Schema, Text, WholeInAddress
from workflow.services.paging import MOST_ROWS

DEFAULT_ROWS = 50
LONGEST_PLACE = 400


class PageQuery(Schema):
    """Which part of a list: at most 200 rows, after the place that the part before named."""

    per_page = WholeInAddress(1, MOST_ROWS, load_default=DEFAULT_ROWS)
    after = Text(LONGEST_PLACE, load_default=None)

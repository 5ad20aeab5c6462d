"""What standings and levels share over the interface: how a list is narrowed, and the one move of an entry."""

from workflow.api.fields import REASON_LENGTH, Day, FlagInAddress, Schema, Text
from workflow.api.paging import PageQuery
from workflow.services.people.personnel import CODE_LENGTH


class EntriesQuery(PageQuery):
    """Which entries: of a person, holding on a day, void ones too."""

    person = Text(CODE_LENGTH)
    on = Day()
    void = FlagInAddress()


class EntryMoveSchema(Schema):
    """The one move of an entry: `void`, with a reason."""

    trigger = Text(required=True)
    reason = Text(REASON_LENGTH, allow_none=True, load_default=None)

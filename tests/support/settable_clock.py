"""The time of a test."""

from datetime import UTC, datetime, timedelta

FIRST_MOMENT = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
"""When tests begin: 10 o'clock in Shanghai, on the day that the demo organisation takes for today."""


class SettableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime = FIRST_MOMENT) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        """Move the clock on by days, hours, minutes or seconds."""
        self.moment += timedelta(**by)

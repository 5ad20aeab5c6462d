"""Companies in which something has happened already: told once in a run, copied for each test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from tests.support.bare_app import opened
from tests.support.databases import Database, Templates
from tests.support.settable_clock import SettableClock
from tests.support.world import World, build_world, find_world, open_plan

Story = Callable[[World, SettableClock], object]
"""What happens in the company of `world` before a test begins."""


def nothing_yet(world: World, clock: SettableClock) -> None:
    """Tell of the company that has just been made."""


def october_open(world: World, clock: SettableClock) -> None:
    """Open the plan of October 2026 for every department and the card team."""
    open_plan(world, clock)


@dataclass
class Stories:
    """Databases of one kind in which stories were told, and the moment at which each ends."""

    empty: Templates
    told: dict[Story, tuple[Templates, datetime]] = field(default_factory=dict)

    @contextmanager
    def after(self, story: Story, clock: SettableClock) -> Iterator[Database]:
        """A database of one's own after a story; sets the clock to its end."""
        templates, clock.moment = self._templates(story)
        with templates.fresh() as database:
            yield database

    @contextmanager
    def world_after(self, story: Story, clock: SettableClock) -> Iterator[World]:
        """The company after a story, its database open; sets the clock to the story's end."""
        with self.after(story, clock) as database, opened(database):
            yield find_world()

    def _templates(self, story: Story) -> tuple[Templates, datetime]:
        if story not in self.told:
            clock = SettableClock()
            self.told[story] = (self._tell(story, clock), clock.moment)
        return self.told[story]

    def _tell(self, story: Story, clock: SettableClock) -> Templates:
        def build(database: Database) -> None:
            with opened(database):
                build_world(clock)

        def go_on(database: Database) -> None:
            with opened(database):
                story(find_world(), clock)

        return self.empty.changed(build) if story is nothing_yet else self._templates(nothing_yet)[0].changed(go_on)

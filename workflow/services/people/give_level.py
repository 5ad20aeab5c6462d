"""Giving a level 等级: by examination, provisionally by deposits, or by a decision that changes it; each a recorded decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from workflow.lifecycle.level import FIGURES, Employment, Level, Qualification, Way
from workflow.lifecycle.personnel import State
from workflow.models.database import db
from workflow.models.personnel import LevelGiven
from workflow.numbers import NumberError, parse_number, plain
from workflow.policy import Action, Actor, Role, decide_unit
from workflow.services.clock import Clock
from workflow.services.fields import Fields, permit
from workflow.services.people.personnel import PAPERS_LENGTH, REASON_LENGTH, hold_entry, hold_person, move_entry
from workflow.services.unit_of_work import Kept, unit_of_work
from workflow.services.working_days import USUAL
from workflow.wording import Phrase

_SAME_DAY = Phrase("该日已有等级记录;请先作废那一条", "a level from that day is entered already; void that one first")
_UNKNOWN = Phrase("没有这一项", "is not among the figures")


@dataclass(frozen=True, slots=True)
class NewLevel:
    """What a level is made of: for whom, which, how it was gained, since when, until when, and what proves it."""

    person: str
    level: str
    way: str
    starts_on: date
    ends_on: date | None = None
    employment: str = Employment.STAFF
    figures: Mapping[str, object] = field(default_factory=dict)
    papers: str = ""
    reason: str = ""


def give_level(actor: Actor, clock: Clock, new: NewLevel, kept: Kept | None = None) -> LevelGiven:
    """Enter a level, which holds from its first day in place of the one before; raises Refusal naming what is wrong."""
    with unit_of_work(actor, clock, kept) as work:
        permit(decide_unit(actor, Action.PEOPLE_WRITE))
        fields = Fields()
        person_id = hold_person(actor, new.person, USUAL.day_of(work.now), fields)
        figures = _read_qualification(new, fields)
        fields.choice("employment", new.employment, Employment)
        fields.in_order(new.starts_on, new.ends_on)
        reason = fields.text("reason", new.reason, REASON_LENGTH)
        papers = fields.text("evidence.papers", new.papers, PAPERS_LENGTH, least=0)
        if _has_one_from(person_id, new.starts_on):
            fields.wrong("starts_on", _SAME_DAY)
        fields.check()
        given = LevelGiven(person_id=person_id, level=new.level, way=new.way, employment=new.employment)
        given.starts_on, given.ends_on = new.starts_on, new.ends_on
        given.figures, given.papers, given.reason = figures, papers, reason
        work.create(given, "level.give", role=Role.HR, reason=reason)
        work.finish(given)
        return given


def move(
    actor: Actor,
    clock: Clock,
    level_id: int,
    trigger: str,
    *,
    seen_version: int | None,
    reason: str | None = None,
    kept: Kept | None = None,
) -> LevelGiven:
    """Void a level with a reason, so that the one before holds again; raises Refusal."""
    with unit_of_work(actor, clock, kept) as work:
        given = hold_entry(LevelGiven, level_id)
        move_entry(work, given, "level", trigger, reason=reason, seen_version=seen_version)
        work.finish(given)
        return given


def _read_qualification(new: NewLevel, fields: Fields) -> dict[str, str]:
    """Check whether the figures earn the level by the way; gives the figures as they are kept."""
    level, way = fields.choice("level", new.level, Level), fields.choice("way", new.way, Way)
    figures = _read_figures(new.figures, fields)
    if level is not None and way is not None and len(figures) == len(new.figures):
        for path, phrase, facts in Qualification(level, way, figures).faults():
            fields.wrong(path, phrase, **facts)
    return {name: plain(figure) for name, figure in figures.items()}


def _read_figures(told: Mapping[str, object], fields: Fields) -> dict[str, Decimal]:
    read = {}
    for name, value in told.items():
        try:
            read[name] = parse_number(value)
        except NumberError as error:
            fields.wrong(f"evidence.{name}", error.phrase)
    for name in set(read) - set(FIGURES):
        fields.wrong(f"evidence.{name}", _UNKNOWN)
        del read[name]
    return read


def _has_one_from(person_id: int, day: date) -> bool:
    query = select(LevelGiven.id).where(
        LevelGiven.person_id == person_id, LevelGiven.starts_on == day, LevelGiven.state == State.VALID
    )
    return db.session.scalar(query) is not None

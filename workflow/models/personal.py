"""What the database says of people: each column that can carry words or values, whether an order erases it, and how.

Beside the models, one declaration a column: a column that stands neither here nor in `personal_kept` fails a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, false, or_, select

from workflow.models.database import Base
from workflow.models.recorded import Recorded

ERASED = "(已删除)"
"""What stands where words about a person stood whose content was erased by order."""


class Whom(NamedTuple):
    """Of whom everything is erased; `called` is their name where nobody else bears it, so that words can be known by it."""

    person_id: int
    called: str | None


class Way(StrEnum):
    """How a column is erased."""

    WORDS = "words"  # replaced by `ERASED`, where there are any
    DOCUMENT = "document"  # emptied, or nothing where the column allows it
    MENTION = "mention"  # words about something else: only the name goes, wherever it stands in them
    SORT_KEY = "sort_key"  # emptied
    LOGIN = "login"  # replaced by what nobody signs in with


Route = Callable[[Table, Whom], ColumnElement[bool]]
"""Which rows of a table speak of somebody."""


@dataclass(frozen=True, slots=True)
class Speaks:
    """How a table speaks of people: which rows (of a part: those of its entity), which columns go, and how.

    A column in `own` goes only where the row's column named there leads to the person, or says that the subject is a person.
    """

    rows: Route | None
    columns: Mapping[str, Way]
    own: Mapping[str, str] | None = None

    def goes(self, column: str, row: Recorded, whom: Whom) -> bool:
        """Say whether a column of one of these rows goes."""
        leads = (self.own or {}).get(column)
        return leads is None or getattr(row, leads) in {whom.person_id, "person"}


def erased_value(way: Way, row: Recorded, column: str, called: str | None) -> Any:
    """Give what takes the place of a column's value; what is empty stays so."""
    value = getattr(row, column)
    match way:
        case Way.WORDS:
            return ERASED if value else value
        case Way.DOCUMENT:
            return None if row.__table__.c[column].nullable else type(value)()
        case Way.MENTION:
            return value.replace(called, ERASED) if called else value
        case Way.SORT_KEY:
            return ""
        case Way.LOGIN:
            return f"erased-{row.id}"


def _by(*columns: str) -> Route:
    """The rows whose column holds the person's id."""
    return lambda table, whom: or_(*(table.c[column] == whom.person_id for column in columns))


def _by_account(column: str) -> Route:
    """The rows whose column holds the id of an account of the person."""

    def route(table: Table, whom: Whom) -> ColumnElement[bool]:
        account = Base.metadata.tables["account"]
        return table.c[column].in_(select(account.c.id).where(account.c.person_id == whom.person_id))

    return route


def _subject(table: Table, whom: Whom) -> ColumnElement[bool]:
    return and_(table.c.subject_kind == "person", table.c.subject_id == whom.person_id)


def _subject_or_concerned(table: Table, whom: Whom) -> ColumnElement[bool]:
    return or_(_subject(table, whom), table.c.person_id == whom.person_id)


def _of_their_cards(table: Table, whom: Whom) -> ColumnElement[bool]:
    card = Base.metadata.tables["scorecard"]
    return table.c.scorecard_id.in_(select(card.c.id).where(_subject(card, whom)))


def _paid(table: Table, whom: Whom) -> ColumnElement[bool]:
    line = Base.metadata.tables["payroll_line"]
    return table.c.id.in_(select(line.c.payroll_batch_id).where(line.c.person_id == whom.person_id))


def _files(_: Table, whom: Whom) -> ColumnElement[bool]:
    """The files of evidence that only entries about the person name."""
    file = Base.metadata.tables["evidence_file"]
    named, entry = Base.metadata.tables["ledger_evidence"], Base.metadata.tables["ledger_entry"]
    naming = select(named.c.hash).join(entry, entry.c.id == named.c.ledger_entry_id)
    return and_(
        file.c.hash.in_(naming.where(_subject(entry, whom))), file.c.hash.not_in(naming.where(~_subject(entry, whom)))
    )


def _mentioning(*columns: str) -> Route:
    """The rows in whose words the name stands."""

    def route(table: Table, whom: Whom) -> ColumnElement[bool]:
        if whom.called is None:
            return false()
        return or_(*(table.c[column].contains(whom.called, autoescape=True) for column in columns))

    return route


def _report(table: Table, whom: Whom) -> ColumnElement[bool]:
    remark = Base.metadata.tables["report_remark"]
    remarked = select(remark.c.report_id).where(_mentioning("problem", "direction")(remark, whom))
    return or_(_mentioning("problems", "directions")(table, whom), table.c.id.in_(remarked))


_NAMED: Mapping[str, str] = {"subject_name": "subject_kind"}

ERASABLE: Mapping[str, Speaks] = {
    "person": Speaks(_by("id"), {"name": Way.WORDS, "name_key": Way.SORT_KEY}),
    "account": Speaks(_by("person_id"), {"name": Way.WORDS, "username": Way.LOGIN}),
    "role_grant": Speaks(_by_account("account_id"), {}),  # why it was given stands in its records
    "delegation": Speaks(_by_account("given_by"), {"reason": Way.WORDS}),
    "scorecard": Speaks(_subject, {"subject_name": Way.WORDS, "vetoes": Way.DOCUMENT}),
    "scorecard_item": Speaks(
        None, {"input": Way.DOCUMENT, "note": Way.WORDS, "source": Way.WORDS, "basis": Way.DOCUMENT}
    ),
    "adjustment": Speaks(None, {"reason": Way.WORDS, "evidence": Way.DOCUMENT, "void_reason": Way.WORDS}),
    "card_question": Speaks(_of_their_cards, {"text": Way.WORDS, "answer": Way.WORDS}),
    "acknowledgement": Speaks(_by("person_id"), {}),
    "action_item": Speaks(
        _subject_or_concerned,
        {"subject_name": Way.WORDS, "outcome": Way.WORDS, "agreed": Way.WORDS, "dismissal": Way.WORDS},
        _NAMED,
    ),
    "interview": Speaks(
        _subject_or_concerned,
        {
            "subject_name": Way.WORDS,
            "place": Way.WORDS,
            "present": Way.WORDS,
            "comment": Way.WORDS,
            "declined": Way.WORDS,
        },
        _NAMED,
    ),
    "interview_correction": Speaks(None, {"text": Way.WORDS}),
    "improvement": Speaks(
        _subject_or_concerned,
        {
            "subject_name": Way.WORDS,
            "problem": Way.WORDS,
            "measures": Way.WORDS,
            "judgement": Way.WORDS,
            "next_step": Way.WORDS,
        },
        _NAMED,
    ),
    "improvement_note": Speaks(None, {"text": Way.WORDS}),
    "standing": Speaks(_by("person_id"), {"reason": Way.WORDS, "evidence": Way.WORDS, "void_reason": Way.WORDS}),
    "level": Speaks(_by("person_id"), {"reason": Way.WORDS, "papers": Way.WORDS, "void_reason": Way.WORDS}),
    "bonus_base": Speaks(_by("person_id"), {"reason": Way.WORDS}),
    "payroll_batch": Speaks(_paid, {}),
    "payroll_line": Speaks(None, {"person_name": Way.WORDS}, {"person_name": "person_id"}),
    "objection": Speaks(_by("person_id"), {}),
    "objection_step": Speaks(None, {"text": Way.WORDS, "name": Way.WORDS}, {"name": "person_id"}),
    "ledger_entry": Speaks(
        _subject_or_concerned,
        {
            "subject_name": Way.WORDS,
            "reason": Way.WORDS,
            "evidence": Way.DOCUMENT,
            "question": Way.WORDS,
            "answer": Way.WORDS,
            "void_reason": Way.WORDS,
        },
        {**_NAMED, "reason": "subject_kind", "evidence": "subject_kind", "void_reason": "subject_kind"},
    ),
    "ledger_evidence": Speaks(None, {}),  # leads to the files
    "evidence_file": Speaks(_files, {"file_name": Way.WORDS}),
    "rating": Speaks(
        _subject_or_concerned,
        {"subject_name": Way.WORDS, "given": Way.DOCUMENT, "comment": Way.WORDS, "revoke_reason": Way.WORDS},
        dict.fromkeys(("subject_name", "given", "comment", "revoke_reason"), "subject_kind"),
    ),
    "report": Speaks(_report, {"problems": Way.MENTION, "directions": Way.MENTION}),
    "report_remark": Speaks(None, {"problem": Way.MENTION, "direction": Way.MENTION}),
    "import_batch": Speaks(_mentioning("file_name"), {"file_name": Way.MENTION}),
}
"""Every recorded table that speaks of people in words, or whose records do."""

DESTROYED: Mapping[str, str] = {
    "record_content": "content salt",  # of every record of what is erased
    "evidence_content": "content",
    "import_content": "file effects",
    "kept_answer": "answer",
    "credential": "password_hash",
    "code_maker": "secret",
    "access": "secret_hash address",
    "sign_in_failure": "username address",
    "verify_run": "verdict",
}
"""The columns of tables beside the record whose rows, or content, go where they speak of the person."""

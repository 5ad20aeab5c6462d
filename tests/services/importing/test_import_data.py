"""A file comes in: uploaded, checked, applied in one transaction, undone until used."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from tests.support.founders import SINCE, TODAY, employ, settle
from tests.support.refusals import refused
from tests.support.settable_clock import SettableClock
from workflow.errors import Reason, Refusal
from workflow.lifecycle.import_batch import Kind
from workflow.models.database import db
from workflow.models.imports import ImportBatch
from workflow.models.organisation import Person
from workflow.models.record import Record
from workflow.policy import SYSTEM, Actor, Role
from workflow.services.erasing.erase import erase_person
from workflow.services.importing import import_data
from workflow.services.importing.import_data import Asked, move, offered, open_import, upload
from workflow.services.importing.import_rows import Outcome
from workflow.services.importing.look_up_imports import error_file, list_imports, same_file_before, template_file
from workflow.services.importing.workbooks import read_table, write_table
from workflow.services.paging import PageAsked
from workflow.services.people.maintain_people import rename_person
from workflow.wording import Language

HEADINGS = ["工号", "姓名", "单位编码", "岗位", "到岗日期"]
GOOD = ["E100", "王新", "cards", "员工", "2026-11-01"]
RENAMED = ["007", "张炜", "cards", "员工", ""]
SAME = ["E002", "安娜", "cards", "员工", ""]
WRONG = ["E101", "王旧", "moon", "员工", "2026-11-01"]


@pytest.fixture(autouse=True)
def company(hr: Actor, clock: SettableClock) -> None:
    settle(hr, clock, [("hq", None), ("cards", "hq")], [("007", "张伟", "cards"), ("E002", "安娜", "cards")])


def bring(
    actor: Actor, clock: SettableClock, *rows: Sequence[object], headings: Sequence[str] = HEADINGS
) -> ImportBatch:
    return upload(actor, clock, Kind.PEOPLE, "staff.xlsx", write_table(headings, rows))


def go(actor: Actor, clock: SettableClock, batch: ImportBatch, trigger: str, **asked: bool) -> ImportBatch:
    return move(actor, clock, batch.id, Asked(trigger, **asked), today=TODAY, seen_version=batch.version)


def names() -> dict[str, str]:
    return {person.code: person.name for person in db.session.scalars(select(Person))}


class TestTheWay:
    def test_a_file_is_checked_applied_and_undone(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, GOOD, RENAMED, SAME)
        assert (batch.state, batch.version, offered(hr, batch)) == ("uploaded", 1, ("validate",))
        batch = go(hr, clock, batch, "validate")
        assert (batch.state, batch.counts) == ("validated", {"new": 1, "changed": 1, "same": 1, "error": 0})
        assert names() == {"007": "张伟", "E002": "安娜"}
        batch = go(hr, clock, batch, "apply")
        assert (batch.state, offered(hr, batch)) == ("applied", ("undo",))
        assert names() == {"007": "张炜", "E002": "安娜", "E100": "王新"}
        batch = go(hr, clock, batch, "undo")
        assert (batch.state, offered(hr, batch)) == ("undone", ())
        assert names()["007"] == "张伟"

    def test_a_file_that_an_order_erased_goes_no_further(self, hr: Actor, clock: SettableClock) -> None:
        """It named E002, if only on one of its lines; of others' files nothing goes."""
        checked, applied, of_others = bring(hr, clock, GOOD, SAME), bring(hr, clock, SAME), bring(hr, clock, RENAMED)
        for batch, trigger in (
            (checked, "validate"),
            (applied, "validate"),
            (applied, "apply"),
            (of_others, "validate"),
        ):
            go(hr, clock, batch, trigger)
        erase_person(SYSTEM, clock, "E002", "人力〔2026〕12 号")
        for batch, trigger in ((checked, "apply"), (applied, "undo")):
            with refused(Reason.CONTENT_ERASED):
                go(hr, clock, batch, trigger)
            assert open_import(hr, batch.id, TODAY).rows == ()
        assert go(hr, clock, of_others, "apply").state == "applied"

    def test_every_move_is_in_the_record_which_binds_the_file(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, GOOD)
        for trigger in ("validate", "apply"):
            go(hr, clock, batch, trigger)
        recorded = db.session.execute(
            select(Record.event, Record.version).where(Record.entity_id == batch.id).order_by(Record.version)
        ).all()
        assert [tuple(row) for row in recorded] == [("import.upload", 1), ("import.validate", 2), ("import.apply", 3)]
        assert len(batch.file_hash) == 64

    def test_moves_out_of_turn_are_refused(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, GOOD)
        for trigger in ("apply", "undo"):
            with refused(Reason.WRONG_STATE):
                go(hr, clock, batch, trigger)
        with refused(Reason.UNKNOWN_TRIGGER):
            go(hr, clock, batch, "delete")
        with refused(Reason.NO_VERSION):
            move(hr, clock, batch.id, Asked("validate"), today=TODAY, seen_version=None)
        with refused(Reason.STALE):
            move(hr, clock, batch.id, Asked("validate"), today=TODAY, seen_version=9)

    def test_the_same_file_again_changes_nothing_and_is_recognised(self, hr: Actor, clock: SettableClock) -> None:
        file = write_table(HEADINGS, [GOOD, RENAMED])
        first = upload(hr, clock, Kind.PEOPLE, "staff.xlsx", file)
        go(hr, clock, first, "validate")
        assert same_file_before(hr, first) is None
        go(hr, clock, first, "apply")
        second = upload(hr, clock, Kind.PEOPLE, "copy.xlsx", file)
        assert go(hr, clock, second, "validate").counts == {"new": 0, "changed": 0, "same": 2, "error": 0}
        assert same_file_before(hr, second) == first.uploaded_at
        assert same_file_before(hr, bring(hr, clock, GOOD)) is None


class TestWrongRows:
    def test_all_or_nothing_names_the_wrong_rows(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, GOOD, WRONG)
        assert go(hr, clock, batch, "validate").counts["error"] == 1
        with refused(Reason.INVALID_INPUT, "rows[3].unit"):
            go(hr, clock, batch, "apply")
        assert "E100" not in names()

    def test_only_the_correct_rows_are_applied_when_asked(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, GOOD, WRONG)
        go(hr, clock, batch, "validate")
        applied = go(hr, clock, batch, "apply", only_correct=True)
        assert applied.counts == {"new": 1, "changed": 0, "same": 0, "error": 1}
        assert {"E100", "E101"} & names().keys() == {"E100"}

    def test_the_error_file_holds_exactly_the_wrong_rows_with_their_reason(
        self, hr: Actor, clock: SettableClock
    ) -> None:
        batch = bring(hr, clock, GOOD, WRONG, [*WRONG[:2], "", "", "昨天"])
        table = read_table(error_file(hr, batch.id, TODAY, Language.ZH))
        assert list(table.headers) == [*HEADINGS, "原因"]
        assert [list(cells)[:2] for _, cells in table.rows] == [["E101", "王旧"], ["E101", "王旧"]]
        assert "没有编码或名称为 moon 的单位" in str(table.rows[0][1][-1])
        assert {"重复", "日期"} <= {word for word in ("重复", "日期") if word in str(table.rows[1][1][-1])}

    def test_data_that_changed_since_the_check_counts(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, RENAMED)
        go(hr, clock, batch, "validate")
        rename_person(hr, clock, "007", name="张炜", seen_version=1)
        assert go(hr, clock, batch, "apply").counts["same"] == 1


class TestUndoing:
    def test_it_is_refused_once_something_rests_on_it(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, RENAMED)
        for trigger in ("validate", "apply"):
            go(hr, clock, batch, trigger)
        rename_person(hr, clock, "007", name="张玮", seen_version=2)
        with pytest.raises(Refusal) as caught:
            go(hr, clock, batch, "undo")
        assert caught.value.denied.reason is Reason.IMPORT_USED
        assert "007" in caught.value.denied.sentence(Language.ZH)


class TestColumns:
    def test_a_missing_column_is_named_and_a_heading_can_be_chosen(self, hr: Actor, clock: SettableClock) -> None:
        batch = bring(hr, clock, GOOD, headings=["号码", *HEADINGS[1:]])
        assert open_import(hr, batch.id, TODAY).rows == ()
        with refused(Reason.INVALID_INPUT, "columns.code"):
            go(hr, clock, batch, "validate")
        chosen = {"code": "号码", "name": "姓名", "unit": "单位编码", "since": "到岗日期"}
        asked = Asked("validate", columns=chosen)
        checked = move(hr, clock, batch.id, asked, today=TODAY, seen_version=batch.version)
        assert (checked.columns, checked.counts["new"]) == (chosen, 1)

    def test_what_was_chosen_is_remembered_for_the_next_file(self, hr: Actor, clock: SettableClock) -> None:
        headings = ["号码", *HEADINGS[1:]]
        chosen = {"code": "号码", "name": "姓名", "unit": "单位编码", "since": "到岗日期"}
        first = bring(hr, clock, GOOD, headings=headings)
        move(hr, clock, first.id, Asked("validate", columns=chosen), today=TODAY, seen_version=1)
        assert bring(hr, clock, RENAMED, headings=headings).columns == chosen
        assert bring(hr, clock, RENAMED).columns["code"] == "工号"

    @pytest.mark.parametrize("kind", list(Kind))
    def test_the_template_of_a_kind_is_understood_by_it(self, kind: Kind) -> None:
        for language in Language:
            headings = read_table(template_file(kind, language)).headers
            matched = import_data.match_columns(list(headings), import_data.IMPORTERS[kind].columns)
            assert len(matched) == len(headings) == 5


class TestFiles:
    def test_what_is_no_workbook_is_refused(self, hr: Actor, clock: SettableClock) -> None:
        with refused(Reason.INVALID_INPUT, "file"):
            upload(hr, clock, Kind.PEOPLE, "staff.xlsx", b"not a workbook")

    def test_an_empty_one_and_an_unknown_kind_are_refused(self, hr: Actor, clock: SettableClock) -> None:
        with refused(Reason.INVALID_INPUT, "file"):
            bring(hr, clock)
        with refused(Reason.INVALID_INPUT, "kind"):
            upload(hr, clock, "cards", "staff.xlsx", b"")

    def test_only_the_name_of_the_file_is_kept(self, hr: Actor, clock: SettableClock) -> None:
        for path in ("C:\\some\\人员.xlsx", "some/folder/人员.xlsx"):
            assert upload(hr, clock, Kind.PEOPLE, path, write_table(HEADINGS, [GOOD])).file_name == "人员.xlsx"


class TestWhoMay:
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
    def test_only_hr_brings_in_people(self, operator: Actor, hr: Actor, clock: SettableClock, role: Role) -> None:
        somebody = employ(operator, clock, "somebody", role)
        with refused(Reason.NO_GRANT):
            bring(somebody, clock, GOOD)
        batch = bring(hr, clock, GOOD)
        with refused(Reason.NOT_SEEN):
            open_import(somebody, batch.id, TODAY)
        with refused(Reason.NOT_SEEN):
            go(somebody, clock, batch, "validate")
        assert list_imports(somebody, PageAsked()).rows == ()

    @pytest.mark.parametrize(
        ("role", "may"),
        [
            (Role.PREPARER, True),
            (Role.RECORDER, True),
            (Role.ADMINISTRATOR, True),
            (Role.REVIEWER, False),
            (Role.AUDITOR, False),
            (Role.OPERATOR, False),
            (Role.HR, False),
        ],
    )
    def test_measurements_come_from_those_who_may_write_them(
        self, operator: Actor, clock: SettableClock, role: Role, *, may: bool
    ) -> None:
        somebody = employ(operator, clock, "somebody", role)
        file = write_table(["指标编码", "对象编码", "期间", "数值", "来源"], [["quality", "007", "2026-10", 3, ""]])
        if not may:
            with refused(Reason.NO_GRANT):
                upload(somebody, clock, Kind.MEASUREMENTS, "october.xlsx", file)
            return
        batch = upload(somebody, clock, Kind.MEASUREMENTS, "october.xlsx", file)
        assert go(somebody, clock, batch, "validate").counts["new"] == 1
        assert go(somebody, clock, batch, "apply").state == "applied"

    def test_hr_of_a_unit_sees_only_the_own_files(self, operator: Actor, hr: Actor, clock: SettableClock) -> None:
        local = employ(operator, clock, "local", Role.HR, unit="cards")
        theirs, own = bring(hr, clock, GOOD), bring(local, clock, RENAMED)
        assert [row.id for row in list_imports(local, PageAsked()).rows] == [own.id]
        assert [row.id for row in list_imports(hr, PageAsked()).rows] == [own.id, theirs.id]
        with refused(Reason.NOT_SEEN):
            open_import(local, theirs.id, TODAY)
        assert open_import(hr, own.id, TODAY).rows[0].outcome is Outcome.CHANGED

    def test_an_import_that_is_not_there_is_not_there(self, hr: Actor) -> None:
        with refused(Reason.NOT_SEEN):
            open_import(hr, 1, SINCE)

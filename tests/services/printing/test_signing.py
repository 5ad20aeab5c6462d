"""Printed forms under the organisation's certificate: later signatures leave earlier ones whole, a changed byte breaks all."""

import stat
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.services.printing.sample_forms import FORM, PRINTED_AT
from workflow.services.printing.pdf import render_forms
from workflow.services.printing.signing import CheckedForm, check_form, sign_form
from workflow.services.printing.stated import FormKind, Stated
from workflow.services.record.form_key import FormKey, FormKeyError

STATED = Stated(FormKind.CARD, "KH-2026-10-001", 1, "ab" * 32)


@pytest.fixture
def key(tmp_path: Path) -> FormKey:
    made = FormKey(tmp_path / "form-key.p12", None)
    made.make("示例公司", PRINTED_AT)
    return made


@pytest.fixture
def form() -> bytes:
    return render_forms([FORM], printed_at=PRINTED_AT)


def test_a_signed_form_holds_and_says_by_whom_and_what(key: FormKey, form: bytes) -> None:
    (found,) = check_form(sign_form(form, STATED, key.signer(), PRINTED_AT))
    assert found == CheckedForm(True, "Common Name: 示例公司", key.fingerprint(), PRINTED_AT, STATED)


@pytest.mark.parametrize("kind", FormKind)
def test_what_a_form_states_is_read_as_it_was_written(kind: FormKind) -> None:
    stated = Stated(kind, "KH 2026 revision 3", 12, "0f" * 32)
    assert Stated.read(stated.text()) == stated
    assert Stated.read(f"{stated.text()} and more") is None


def test_two_signatures_hold_and_one_flipped_byte_breaks_both(key: FormKey, form: bytes) -> None:
    once = sign_form(form, STATED, key.signer(), PRINTED_AT)
    twice = sign_form(once, STATED, key.signer(), PRINTED_AT, "Second")
    assert twice.startswith(once)
    assert [each.holds for each in check_form(twice)] == [True, True]
    at = form.index(b"stream", len(form) // 2) + 12
    flipped = twice[:at] + bytes([twice[at] ^ 1]) + twice[at + 1 :]
    assert [each.holds for each in check_form(flipped)] == [False, False]


def test_a_page_changed_in_a_later_revision_breaks_it(key: FormKey, form: bytes) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(sign_form(form, STATED, key.signer(), PRINTED_AT)))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    changed = BytesIO()
    writer.write(changed)
    assert [each.holds for each in check_form(changed.getvalue())] == [False]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no pdf at all"])
def test_what_is_no_signed_form_has_no_signature(content: bytes) -> None:
    assert check_form(content) == ()


def test_a_form_that_is_not_signed_has_none(form: bytes) -> None:
    assert check_form(form) == ()


def test_the_key_is_made_once_for_its_owner_alone(key: FormKey) -> None:
    before = key.path.read_bytes()
    key.make("另一公司", PRINTED_AT)
    assert key.path.read_bytes() == before
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600


def test_a_file_that_another_password_opens_is_refused(key: FormKey, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong\n")
    key.path.write_bytes(b"no key")
    with pytest.raises(FormKeyError):
        FormKey(key.path, tmp_path / "password").signer()

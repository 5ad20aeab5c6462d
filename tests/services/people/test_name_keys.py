"""Chinese names are sorted by their sound and found by it."""

import pytest

from workflow.services.people.name_keys import LONGEST, name_key


def test_names_sort_by_their_sound() -> None:
    assert sorted(["张伟", "安娜", "李强", "白露"], key=name_key) == ["安娜", "白露", "李强", "张伟"]


@pytest.mark.parametrize("typed", ["zhang", "zhang wei", "zhangwei", "zw"])
def test_a_name_is_found_by_its_sound_and_by_its_initials(typed: str) -> None:
    assert typed in name_key("张伟")


@pytest.mark.parametrize(("name", "sound"), [("单伟", "shan wei"), ("曾芳", "zeng fang"), ("尉迟恭", "yu chi gong")])
def test_surnames_have_their_own_sound(name: str, sound: str) -> None:
    assert name_key(name).startswith(sound)


def test_names_in_other_letters_keep_them() -> None:
    assert name_key("Anna Smith") == "anna smith|annasmith|as"


def test_a_very_long_name_fits() -> None:
    assert len(name_key("买买提" * 21)) == LONGEST

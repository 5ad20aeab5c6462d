"""Settings are read once, refused by name when wrong, and documented."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import ROOT, Settings, SettingsError, declared, variable
from tests.support.documents import settings_table
from workflow.wording import Language


def read(folder: Path, **chosen: str) -> Settings:
    return Settings.from_environment({"KAOGONG_INSTANCE": str(folder), **chosen})


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/kaogong.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.sign_proof_minutes == 5
    assert settings.language is Language.ZH
    assert settings.timezone == ZoneInfo("Asia/Shanghai")
    assert not settings.demo


def test_the_environment_overrides(tmp_path: Path) -> None:
    settings = read(tmp_path, KAOGONG_LANGUAGE="en", KAOGONG_DEMO="1", KAOGONG_DEMO_TODAY="2027-02-05")
    assert (settings.language, settings.demo, settings.demo_today) == (Language.EN, True, date(2027, 2, 5))


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = read(tmp_path / "made").secret_key
    assert read(tmp_path / "made").secret_key == first
    assert len(first) >= 32
    assert (tmp_path / "made" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (tmp_path / "made").iterdir()] == ["secret-key"]


def test_secrets_are_not_shown_where_settings_are_printed(tmp_path: Path) -> None:
    settings = read(tmp_path, KAOGONG_DATABASE_URL="postgresql://app:hidden-word@db/kaogong")
    assert "hidden-word" not in repr(settings)
    assert settings.secret_key not in repr(settings)


@pytest.mark.parametrize("address", ["postgresql://app@db/kaogong", "postgres://app@db/kaogong"])
def test_postgresql_is_spoken_to_by_one_driver(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, KAOGONG_DATABASE_URL=address).database_url == "postgresql+psycopg://app@db/kaogong"


def test_port_counts_where_the_own_name_is_absent(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="9001").port == 9001
    assert read(tmp_path, PORT="9001", KAOGONG_PORT="9002").port == 9002


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KAOGONG_DATABASE_URL", "mysql://db/kaogong"),
        ("KAOGONG_DATABASE_OWNER_URL", "sqlite:///kaogong.db"),
        ("KAOGONG_SECRET_KEY", "short"),
        ("KAOGONG_TIMEZONE", "Mars/Olympus"),
        ("KAOGONG_LANGUAGE", "fr"),
        ("KAOGONG_PORT", "0"),
        ("KAOGONG_PORT", "8000.5"),
        ("PORT", "http"),
        ("KAOGONG_SIGN_PROOF_MINUTES", "-1"),
        ("KAOGONG_COMPANY", " "),
        ("KAOGONG_DEMO", "yes"),
        ("KAOGONG_DEMO_TODAY", "5.11.2026"),
        ("KAOGONG_INSTANCE", "/dev/null/instance"),
        ("KAOGONG_COLOUR", "red"),
        ("KAOGONG_WITNESSES", "http://witness.example"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_in_both_languages(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({"KAOGONG_INSTANCE": str(tmp_path), name: text})
    assert name in refusal.value.phrase.zh
    assert name in refusal.value.phrase.en
    assert str(refusal.value) == f"{refusal.value.phrase.zh} / {refusal.value.phrase.en}"


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert settings_table() in documented, "run `make docs`"


@pytest.mark.parametrize("name", declared())
def test_every_setting_has_an_effect(name: str) -> None:
    used = f".{name}"
    sources = [ROOT / "config.py", *(ROOT / "workflow").rglob("*.py")]
    readers = [path for path in sources if used in path.read_text(encoding="utf-8")]
    assert readers or name == "instance", f"nothing reads {variable(name)}"

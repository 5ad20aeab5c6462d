"""Every setting of the service, read once from the environment; what is wrong stops the start with a sentence."""

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from zoneinfo import ZoneInfo

from workflow.wording import Language, Phrase

PREFIX = "KAOGONG_"
# Hosting platforms hand the port over under this name.
PORT_VARIABLE = "PORT"
ROOT = Path(__file__).resolve().parent
SECRET_BYTES = 32
SECRET_LEAST_CHARACTERS = 32
HOME_TIME = ZoneInfo("Asia/Shanghai")

_VKEY = re.compile(r"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*")
_ADDRESS = re.compile(r"https?://[^/]")


class SettingsError(Exception):
    """A setting that can't be used; `phrase` names it and says in both languages what is wrong."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(f"{phrase.zh} / {phrase.en}")
        self.phrase = phrase


def _refuse(zh: str, en: str) -> ValueError:
    return ValueError(Phrase(zh, en))


def _text(text: str) -> str:
    if not text.strip():
        raise _refuse("不能为空", "must not be empty")
    return text.strip()


def _secret(text: str) -> str:
    if len(text) < SECRET_LEAST_CHARACTERS:
        raise _refuse(f"至少 {SECRET_LEAST_CHARACTERS} 个字符", f"needs at least {SECRET_LEAST_CHARACTERS} characters")
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise _refuse(f"须是 {least} 到 {most} 的整数", f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise _refuse(f"须是 {'、'.join(choices)} 之一", f"must be one of {', '.join(choices)}")
        return text

    return read


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise _refuse("须是 1 或 0", "must be 1 or 0")
    return text == "1"


def _folder(text: str) -> Path:
    return Path(_text(text)).expanduser().resolve()


def _database_url(text: str) -> str:
    """One driver per database: PostgreSQL is always spoken to by psycopg 3."""
    for plain in ("postgresql://", "postgres://"):
        if text.startswith(plain):
            return f"postgresql+psycopg://{text.removeprefix(plain)}"
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise _refuse("须以 sqlite:/// 或 postgresql:// 开头", "must begin with sqlite:/// or postgresql://")
    return text


def _owner_url(text: str) -> str:
    url = _database_url(text)
    if url.startswith("sqlite:"):
        raise _refuse("须以 postgresql:// 开头", "must begin with postgresql://")
    return url


def _time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError) as unknown:
        raise _refuse("不是时区名称", "is not the name of a time zone") from unknown


def _language(text: str) -> Language:
    try:
        return Language(text)
    except ValueError as unknown:
        raise _refuse("须是 zh-CN 或 en", "must be zh-CN or en") from unknown


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise _refuse("须是 2026-11-05 这样的日期", "must be a date like 2026-11-05") from wrong


def _witnesses(text: str) -> tuple[tuple[str, str], ...]:
    """Each witness as its public key and its address."""
    found = tuple(tuple(each.split()) for each in text.split(",") if each.strip())
    if not all(len(each) == 2 and _VKEY.fullmatch(each[0]) and _ADDRESS.match(each[1]) for each in found):  # noqa: PLR2004
        raise _refuse("须是“公钥 地址”,多个以逗号分隔", "must be `key address`, several parted by commas")
    return tuple((key, address.rstrip("/")) for key, address in found)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a setting is read from its text (ValueError with a Phrase if it can't be), and what it is for."""

    parse: Callable[[str], object]
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation may choose; each field is read from `KAOGONG_` and its name in capitals."""

    instance: Annotated[
        Path, Setting(_folder, "数据库、密钥和文件所在的目录", "The folder of the database, the keys and the files")
    ] = ROOT / "instance"
    database_url: Annotated[
        str,
        Setting(
            _database_url,
            "数据库地址;默认是上述目录中的 kaogong.db(SQLite)",
            "The database; by default `kaogong.db` (SQLite) in that folder",
        ),
    ] = field(repr=False)
    database_owner_url: Annotated[
        str | None,
        Setting(
            _owner_url,
            "PostgreSQL 上建库和升级所用的所有者账号;服务本身不用它",
            "The owner's account on PostgreSQL, for `kaogong init` and upgrades; the service itself never uses it",
        ),
    ] = field(default=None, repr=False)
    secret_key: Annotated[
        str,
        Setting(
            _secret,
            "会话与表单令牌的密钥,也用于加密一次性验证码的密钥,多台机器须相同;默认在上述目录的 secret-key 中生成一次",
            "Signs sessions and forms, and encrypts the secrets of one-time codes; the same on all machines, by default made once in `secret-key` in that folder",
        ),
    ] = field(repr=False)
    log_key_file: Annotated[
        Path,
        Setting(
            _folder,
            "书面记录日志的签名密钥文件,由 kaogong init 生成;默认是上述目录中的 log-key",
            "The file of the key that signs the log of the record, made by `kaogong init`; by default `log-key` in that folder",
        ),
    ]
    form_key_file: Annotated[
        Path,
        Setting(
            _folder,
            "签署打印表单所用的单位证书和密钥(PKCS#12 文件);默认是上述目录中的 form-key.p12,由 kaogong init 生成",
            "The organisation's certificate and key that sign printed forms (PKCS#12); by default `form-key.p12` in that folder, "
            "made by `kaogong init`",
        ),
    ]
    checkpoint_dir: Annotated[
        Path,
        Setting(
            _folder,
            "在数据库之外保存日志检查点的目录,最好在另一块盘或另一台机器上;默认是上述目录中的 checkpoints",
            "The folder that keeps the log's checkpoints outside the database, at best on another disk or machine; by default "
            "`checkpoints` in that folder",
        ),
    ]
    form_key_password_file: Annotated[
        Path | None,
        Setting(_folder, "保存上述 PKCS#12 文件密码的文件", "The file that holds the password of that PKCS#12 file"),
    ] = None
    witnesses: Annotated[
        tuple[tuple[str, str], ...],
        Setting(
            _witnesses,
            "见证服务器,以逗号分隔,每个写作:公钥、空格、地址(kaogong witness 启动时会打印公钥)",
            "The witnesses, parted by commas, each as its public key, a space, its address (`kaogong witness` prints its key)",
        ),
    ] = ()
    company: Annotated[str, Setting(_text, "公司名称,印在页面和表单上", "The company's name on pages and forms")] = (
        "示例公司"
    )
    timezone: Annotated[
        ZoneInfo,
        Setting(
            _time_zone,
            "公司所在时区,考核期间和期限按它计算",
            "The company's time zone, in which periods and deadlines are reckoned",
        ),
    ] = HOME_TIME
    language: Annotated[
        Language,
        Setting(
            _language, "用户未选择时的语言:zh-CN 或 en", "The language where a person has chosen none: zh-CN or en"
        ),
    ] = Language.ZH
    host: Annotated[str, Setting(_text, "监听地址", "The address to listen on")] = "127.0.0.1"
    port: Annotated[
        int,
        Setting(
            _whole(1, 65535), "监听端口;未设置时用 PORT", "The port to listen on; PORT counts where this is not set"
        ),
    ] = 8000
    workers: Annotated[int, Setting(_whole(1, 64), "服务进程数", "How many processes serve")] = 1
    max_body_bytes: Annotated[
        int, Setting(_whole(1024, 1024**3), "请求内容上限(字节)", "The largest request, in bytes")
    ] = 5 * 1024**2
    session_idle_minutes: Annotated[
        int,
        Setting(
            _whole(1, 1440), "无操作多久后须重新登录(分钟)", "Minutes without a request after which one logs in again"
        ),
    ] = 60
    session_absolute_hours: Annotated[
        int, Setting(_whole(1, 168), "登录后最长有效时间(小时)", "Hours after which one logs in again in any case")
    ] = 12
    token_hours: Annotated[
        int, Setting(_whole(1, 720), "接口令牌有效时间(小时)", "Hours for which a token of the API is good")
    ] = 12
    sign_proof_minutes: Annotated[
        int,
        Setting(
            _whole(1, 60),
            "身份确认在多久内可用于签署(分钟)",
            "Minutes for which a proof of identity is good for signing",
        ),
    ] = 5
    objection_days: Annotated[
        int,
        Setting(
            _whole(1, 60), "公示及申诉期限(工作日)", "Working days after publication in which an appeal may be made"
        ),
    ] = 5
    answer_days: Annotated[
        int,
        Setting(
            _whole(1, 60),
            "查询答复和申诉决定的期限(工作日)",
            "Working days in which a query is answered and an appeal decided",
        ),
    ] = 5
    ledger_visible: Annotated[
        str,
        Setting(
            _one_of("at-once", "published"),
            "本人何时看到自己的加减分台账:at-once 登记后立即,published 评分表发布后",
            "When people see the ledger entries about them: at-once, or with the published card",
        ),
    ] = "at-once"
    demo: Annotated[
        bool,
        Setting(
            _flag,
            "1:监听非本机地址时也允许示例账号登录",
            "1 lets the demo accounts log in on an address other than loopback",
        ),
    ] = False
    demo_today: Annotated[
        date, Setting(_day, "示例组织以这一天为今天", "The day that the demo organisation takes for today")
    ] = date(2026, 11, 5)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings, making the data folder and the secret key on first use; raises SettingsError."""
        chosen = _read(environ)
        instance = chosen.setdefault("instance", ROOT / "instance")
        _make_folder(instance)
        chosen.setdefault("database_url", f"sqlite:///{instance / 'kaogong.db'}")
        chosen.setdefault("log_key_file", instance / "log-key")
        chosen.setdefault("form_key_file", instance / "form-key.p12")
        chosen.setdefault("checkpoint_dir", instance / "checkpoints")
        if "secret_key" not in chosen:
            chosen["secret_key"] = _stored_secret(instance / "secret-key")
        return cls(**chosen)


def variable(name: str) -> str:
    """The environment variable of the field `name`."""
    return PREFIX + name.upper()


def declared() -> dict[str, Setting]:
    """Every field of Settings, in the order of the class, with how it is read and what it is for."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def _read(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {variable(name): name for name in declared()}
    for given in sorted(environ):
        if given.startswith(PREFIX) and given not in names:
            raise SettingsError(Phrase(f"没有名为 {given} 的设置。", f"There is no setting called {given}."))
    chosen = {name: _parse(given, environ[given]) for given, name in names.items() if given in environ}
    if PORT_VARIABLE in environ and "port" not in chosen:
        chosen["port"] = _parse(PORT_VARIABLE, environ[PORT_VARIABLE])
    return chosen


def _parse(given: str, text: str) -> object:
    name = "port" if given == PORT_VARIABLE else given.removeprefix(PREFIX).lower()
    try:
        return declared()[name].parse(text)
    except ValueError as wrong:
        why: Phrase = wrong.args[0]
        raise SettingsError(Phrase(f"设置 {given} {why.zh}。", f"The setting {given} {why.en}.")) from wrong


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as refused:
        sentence = Phrase(
            f"设置 KAOGONG_INSTANCE:不能建立目录 {folder}。", f"The setting KAOGONG_INSTANCE: {folder} can't be made."
        )
        raise SettingsError(sentence) from refused


def _stored_secret(path: Path) -> str:
    """The key in `path`, made there once: written aside and linked, so that of two first starts both use the same one."""
    if not path.exists():
        handle, aside = tempfile.mkstemp(dir=path.parent)  # mkstemp makes files that only their owner may read
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(SECRET_BYTES) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        Path(aside).unlink()
    return path.read_text("ascii").strip()

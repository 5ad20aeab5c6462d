"""Reading schemes from YAML or JSON, and JSON inputs: numbers keep their text, nothing is a float."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from workflow.numbers import NumberText
from workflow.scoring.errors import SchemeError
from workflow.scoring.scheme import Scheme
from workflow.wording import Phrase

MAX_CHARACTERS = 200_000
MAX_DEPTH = 30

NOT_YAML = Phrase("不是有效的 YAML 或 JSON:{detail}", "is not valid YAML or JSON: {detail}")
NOT_A_MAPPING_FILE = Phrase("文件内容必须是键值结构", "must hold a mapping")
TOO_LARGE = Phrase("文件过大", "is too large")
TOO_DEEP = Phrase("嵌套过深", "is nested too deeply")
ALIASES = Phrase("不允许使用锚点与别名", "must not use anchors and aliases")
KEY_TWICE = Phrase("键 {key} 重复", "repeats the key {key}")
KEY_NOT_TEXT = Phrase("键 {key} 必须是文字", "has the key {key}, which is not text")
NOT_TEXT = Phrase("不是 UTF-8 文本", "is not UTF-8 text")


class _Loader(yaml.SafeLoader):
    """Plain YAML: true, false, null and numbers (kept as text), no aliases, no repeated keys, no dates."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node, refusing aliases and nesting that goes too deep."""
        if self.check_event(yaml.AliasEvent):
            raise SchemeError("", ALIASES)
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > MAX_DEPTH:
            raise SchemeError("", TOO_DEEP)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _number(loader: _Loader, node: yaml.ScalarNode) -> NumberText:
    return NumberText(loader.construct_scalar(node))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    """Build a mapping, refusing a key that is no text or comes twice."""
    pairs = [(loader.construct_object(key, deep=True), value) for key, value in node.value]
    _refuse_repeated([key for key, _ in pairs])
    return {key: loader.construct_object(value, deep=True) for key, value in pairs}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:null|~|)$"), ["n", "~", ""])


def load_yaml(text: str) -> object:
    """Read YAML (or JSON) into plain data, numbers as NumberText; raises SchemeError for what it doesn't allow."""
    _check_size(text)
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with fewer types
    except yaml.YAMLError as error:
        raise SchemeError("", NOT_YAML, detail=" ".join(str(error).split())) from None
    except RecursionError:
        raise SchemeError("", TOO_DEEP) from None


def load_json(text: str | bytes, *, unique_keys: bool = False) -> Any:
    """Read JSON into plain data, numbers (NaN too) as NumberText; raises ValueError where it is no JSON.

    With `unique_keys` a key that comes twice raises SchemeError.
    """
    hook = _unique if unique_keys else None
    try:
        return json.loads(
            text, parse_float=NumberText, parse_int=NumberText, parse_constant=NumberText, object_pairs_hook=hook
        )
    except RecursionError:
        raise SchemeError("", TOO_DEEP) from None


def load_scheme(source: str | Path) -> Scheme:
    """Read a scheme from a path, or from its text in YAML or JSON; raises SchemeError, or OSError for the file."""
    text = _text_of(source) if isinstance(source, Path) else source
    _check_size(text)
    data = _json_or_none(text) if text.lstrip().startswith("{") else None
    data = load_yaml(text) if data is None else data
    if not isinstance(data, dict):
        raise SchemeError("", NOT_A_MAPPING_FILE)
    return Scheme.from_data(data)


def dump_scheme(data: Mapping[str, Any]) -> str:
    """Write a scheme's data as YAML that reads back as the same scheme."""
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False)


def _json_or_none(text: str) -> object:
    """The data of a JSON text; None where it isn't JSON (a YAML mapping may begin with a brace too)."""
    try:
        return load_json(text, unique_keys=True)
    except json.JSONDecodeError:
        return None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SchemeError("", NOT_TEXT) from None


def _check_size(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise SchemeError("", TOO_LARGE)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _refuse_repeated([key for key, _ in pairs])
    return dict(pairs)


def _refuse_repeated(keys: Sequence[object]) -> None:
    for place, key in enumerate(keys):
        if not isinstance(key, str):
            raise SchemeError("", KEY_NOT_TEXT, key=key)
        if key in keys[:place]:
            raise SchemeError("", KEY_TWICE, key=key)

"""Reading a request: exact JSON, the query, the version that was seen; what is wrong is said in the fixed order."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any, NoReturn

from flask import current_app, request
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from workflow.api.declaring import declared_of
from workflow.api.fields import Schema, faults
from workflow.errors import FieldError, Reason, invalid, not_seen, refuse
from workflow.scoring.periods import PeriodError, parse_day
from workflow.wording import Phrase

JSON = "application/json"
FORM = "multipart/form-data"
DEEPEST = 32
"""How far a body may be nested; nothing of interfaces.md comes near it."""
MOST_DIGITS = 1000
"""Numbers beyond so many digits are out of every range."""

UNWRITABLE = Phrase("含有不能保存的字符", "holds characters that can't be kept")

_NEVER_KEPT = re.compile("[\x00\ud800-\udfff]")
_ENTITY_TAG = re.compile(r'"([0-9]{1,10})"')


def seen_version() -> int | None:
    """Give the version of `If-Match`, None without one; a weak, starred or multiple one names no version."""
    found = _ENTITY_TAG.fullmatch(request.headers.get("If-Match", "").strip())
    return int(found[1]) if found else None


def wants_minimal() -> bool:
    """Say whether the caller does not want the whole card back."""
    wishes = re.split(r"[,;]", request.headers.get("Prefer", ""))
    return any(wish.replace(" ", "").casefold() == "return=minimal" for wish in wishes)


def read_json(raw: bytes) -> Any:
    """Read JSON with exact numbers; raises Refusal for what is none, for NaN, infinity and keys that come twice."""
    try:
        text = raw.decode("utf-8-sig")
        data = json.loads(
            text, parse_float=_decimal, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_object
        )
    except (ValueError, RecursionError) as error:
        raise refuse(Reason.UNREADABLE) from error
    return data


def check_place(places: Iterator[object]) -> None:
    """Raise Refusal (not seen) where a part of the address can be the name of nothing."""
    if any(isinstance(place, str) and _NEVER_KEPT.search(place) for place in places):
        raise not_seen()


class ExactParser:
    """Puts what the request holds before a view's other arguments, as Flask-Smorest asks of a parser."""

    DEFAULT_VALIDATION_STATUS = 422

    def use_args(
        self, schema: type[Schema] | Schema, *, location: str
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a view that takes the loaded body (`json`, `files`) or query (`query`) first."""
        instance = schema() if isinstance(schema, type) else schema
        read = {"json": _body, "query": _query, "files": _form}[location]

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def parsed(*args: Any, **kwargs: Any) -> Any:
                return view(_load(instance, read()), *args, **kwargs)

            return parsed

        return decorate


def refuse_invalid(*errors: FieldError) -> NoReturn:
    """Refuse wrong values, unless the order of refusals wants something else said first of this address."""
    _ask_guard()
    raise invalid(*errors)


def _ask_guard() -> None:
    guard = declared_of(current_app.view_functions[str(request.endpoint)]).guard
    if guard is not None:
        guard(**(request.view_args or {}))


def _load(schema: Schema, data: Any) -> Any:
    unwritable = [FieldError(path, UNWRITABLE) for path in _unwritable(data)]
    if unwritable:
        refuse_invalid(*unwritable)
    try:
        return schema.load(data)
    except ValidationError as error:
        refuse_invalid(*faults(error.messages))


def _body() -> Any:
    raw = request.get_data()
    if raw and request.mimetype != JSON:
        raise UnsupportedMediaType
    return read_json(raw)


def _query() -> dict[str, str]:
    return request.args.to_dict()


def _form() -> dict[str, str | FileStorage]:
    if request.mimetype != FORM:
        _ask_guard()
        raise UnsupportedMediaType
    return {**request.form.to_dict(), **request.files.to_dict()}


def _unwritable(data: Any) -> Iterator[str]:
    """Give the paths of texts that no database keeps; raises Refusal for what is nested beyond any use."""
    waiting: list[tuple[str, Any, int]] = [("", data, 0)]
    while waiting:
        path, value, depth = waiting.pop()
        if depth > DEEPEST:
            raise refuse(Reason.UNREADABLE)
        if isinstance(value, str):
            if _NEVER_KEPT.search(value):
                yield path
        elif isinstance(value, dict):
            if any(_NEVER_KEPT.search(key) for key in value):
                yield path
            waiting += [(f"{path}.{key}" if path else key, each, depth + 1) for key, each in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{place}]", each, depth + 1) for place, each in enumerate(value)]


def _decimal(text: str) -> Decimal:
    """Read a number with a point or an exponent; what no decimal can hold is out of every range."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")
    return number if abs(number.adjusted()) < MOST_DIGITS else Decimal("Infinity")


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= MOST_DIGITS else Decimal("Infinity")


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key comes twice"
        raise ValueError(message)
    return found


def day_of(text: str) -> date:
    """Read a day in an address; raises Refusal (not seen) for what can't be one."""
    try:
        return parse_day(text)
    except PeriodError as error:
        raise not_seen() from error

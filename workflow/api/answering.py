"""Writing answers: the body by its schema, the version as ETag, where a list goes on, and answers that are kept."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.datastructures import FileStorage

from workflow import web
from workflow.api.declaring import Declared, Keeping
from workflow.api.reading import FORM, refuse_invalid
from workflow.errors import FieldError
from workflow.services.scorecards.kept_batches import KeptBatch
from workflow.services.unit_of_work import Kept, find_kept
from workflow.wording import Phrase

WRITING = frozenset({"POST", "PATCH"})
LONGEST_TARGET = 220
"""Longer paths name nothing, so nothing is kept for them; a batch adds a card's id."""

NO_KEY = Phrase("须是 1 到 255 个可见的 ASCII 字符", "must be 1 to 255 visible ASCII characters")

_KEY = re.compile(r"[\x20-\x7e]{1,255}")

T = TypeVar("T")


def encode(body: Any) -> str:
    """Write JSON in the order in which it was put together."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON; a body with a version is an entity, whose ETag it is."""
    response = Response(encode(body), status=status, mimetype="application/json")
    if isinstance(body, dict) and isinstance(body.get("version"), int):
        response.headers["ETag"] = f'"{body["version"]}"'
    response.headers.extend(headers or {})
    return response


def reply_list(rows: Any, after: str | None, total: int) -> Response:
    """Answer with a part of a list: where it goes on in `Link` and `X-Next`, how many there are in `X-Total`."""
    headers = {"X-Total": str(total)}
    if after is not None:
        query = urlencode({**request.args.to_dict(), "after": after})
        headers |= {"X-Next": after, "Link": f'<{request.path}?{query}>; rel="next"'}
    return reply(rows, headers=headers)


def write(act: Callable[[Kept | None], T], show: Callable[[T], Any], status: int = 200) -> Response:
    """Run a use case and answer with what it gave; under an Idempotency-Key that answer is kept with its effect."""
    key = _key()
    if key is None:
        return reply(show(act(None)), status)
    shown: list[Any] = []

    def render(result: T) -> tuple[int, Any]:
        shown.append(show(result))
        return status, shown[0]

    act(Kept(key, _target(), _body_hash(), render))
    return reply(shown[0], status)


def keep_by_card(
    asked: Mapping[int, Any], render: Callable[[Mapping[int, Any]], Mapping[int, Any]]
) -> KeptBatch | None:
    """Give how a batch is told again: by what is asked of each card, since each stands alone; None without a key."""
    key = _key()
    if key is None:
        return None
    hashes = {card_id: _hash(json.dumps(each, default=str).encode()) for card_id, each in asked.items()}
    return KeptBatch(key, _target(), hashes, render)


def answered_before(declared: Declared) -> Response | None:
    """Give the answer kept for this request, if it is repeated; raises Refusal for another body under the same key."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method not in WRITING or declared.keeps is not Keeping.WHOLE:
        return None
    found = find_kept(web.actor().account_id, key, _target(), _body_hash(), web.clock()())
    return None if found is None else repeat(*found)


def repeat(status: int, body: Any) -> Response:
    """Give a kept answer again."""
    return reply(body, status, {"Idempotency-Replayed": "true"})


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        refuse_invalid(FieldError("Idempotency-Key", NO_KEY))
    return key


def _target() -> str:
    return f"{request.method} {request.path[:LONGEST_TARGET]}"


def _body_hash() -> bytes:
    """Hash what was sent; of a form its fields and files, since the line that parts them is another each time."""
    if request.mimetype != FORM:
        return _hash(request.get_data())
    entered = list(request.form.items(multi=True))
    told = [(name, file.filename, _hash(_whole(file)).hex()) for name, file in request.files.items(multi=True)]
    return _hash(json.dumps([entered, told]).encode())


def _whole(file: FileStorage) -> bytes:
    """Read a file from its beginning, and leave it there for whoever reads it next."""
    file.seek(0)
    content: bytes = file.read()
    file.seek(0)
    return content


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()

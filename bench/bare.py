"""The bare floor of an edit: raw SQL under the same server on a copy of the same database without its guards.

The same reads (who calls, what they may, the card, its items, the record before), two updates, one hashed record, one
commit that is synced to the disk; no checks, no rules, no schemas.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import count
from sqlite3 import Connection, connect
from typing import Any

_ACCESS = (
    "SELECT a.account_id, a.expires_at, b.username, b.person_id FROM access a JOIN account b ON b.id = a.account_id"
    " WHERE a.secret_hash = ?"
)
_GRANTS = "SELECT g.role, u.path, g.items FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id WHERE g.account_id = ?"
_CARD = (
    "SELECT c.*, u.path, p.state FROM scorecard c JOIN unit u ON u.id = c.unit_id JOIN plan p ON p.id = c.plan_id"
    " WHERE c.id = ?"
)
_ITEMS = "SELECT * FROM scorecard_item WHERE scorecard_id = ? ORDER BY position"
_BEFORE = "SELECT id, hash FROM record WHERE entity_kind = 'scorecard' AND entity_id = ? AND version = ?"
_RECORD = (
    "INSERT INTO record (id, entity_kind, entity_id, version, event, at, actor_id, request_id, previous_hash, content_hash, hash)"
    " VALUES (?, 'scorecard', ?, ?, 'scorecard.edit', '2026-11-05 02:00:00', ?, '', ?, ?, ?)"
)
_ITEM = "UPDATE scorecard_item SET input = ?, points = ?, record_id = ? WHERE scorecard_id = ? AND code = ?"
_SAVE = "UPDATE scorecard SET provisional_total = ?, version = ?, record_id = ? WHERE id = ? AND version = ?"

_local = threading.local()
_turn = threading.Lock()
_ids = count(2**62)


def _open() -> Connection:
    """Give this thread's connection."""
    if not hasattr(_local, "connection"):
        opened = connect(os.environ["BARE_DATABASE"], isolation_level=None, timeout=30)
        opened.execute("PRAGMA synchronous = FULL")
        _local.connection = opened
    found: Connection = _local.connection
    return found


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Take the same request as the interface does and answer with version and total."""
    database = _open()
    *_, card, _, code = environ["PATH_INFO"].split("/")
    version = int(environ["HTTP_IF_MATCH"].strip('"'))
    entered = json.loads(environ["wsgi.input"].read())["input"]
    secret = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ").encode()
    account = database.execute(_ACCESS, [hashlib.sha256(secret).digest()]).fetchone()[0]
    database.execute(_GRANTS, [account]).fetchall()
    with _turn:
        database.execute("BEGIN IMMEDIATE")
        answer = _edit(database, account, (int(card), code, version), entered)
        database.execute("COMMIT")
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def _edit(database: Connection, account: int, place: tuple[int, str, int], entered: Any) -> bytes:
    card, code, version = place
    database.execute(_CARD, [card]).fetchone()
    total = sum(Decimal("1") for _ in database.execute(_ITEMS, [card]).fetchall())
    _, previous = database.execute(_BEFORE, [card, version]).fetchone()
    record, text = next(_ids), json.dumps(entered, ensure_ascii=False)
    content = hashlib.sha256(text.encode()).digest()
    own = hashlib.sha256(json.dumps([record, card, version + 1, previous.hex(), content.hex()]).encode()).digest()
    database.execute(_RECORD, [record, card, version + 1, account, previous, content, own])
    database.execute(_ITEM, [text, 1, record, card, code])
    database.execute(_SAVE, [str(total), version + 1, record, card, version])
    return json.dumps({"version": version + 1, "total": str(total)}).encode()

"""SQL compiled once in a run: what one test has compiled, the next need not compile again for its own database."""

from typing import Any

from sqlalchemy import Dialect, Engine, event

_SHARED: dict[type[Dialect], tuple[Dialect, dict[Any, Any]]] = {}
"""For each kind of database a dialect that has met its server, and the statements compiled for it."""


def compile_once(engine: Engine) -> None:
    """Let an engine share what the engines of its kind have compiled; the first that connects gives its dialect.

    Statements are kept for the one dialect they were compiled for, hence it is shared as well. That is sound as long as
    the engines of a kind are alike: no engine here is made with options that a dialect would hold.
    """
    kind = type(engine.dialect)
    if kind in _SHARED:
        engine.dialect, compiled = _SHARED[kind]
        engine.update_execution_options(compiled_cache=compiled)
    else:
        event.listen(engine, "connect", lambda *_: _SHARED.setdefault(kind, (engine.dialect, {})), once=True)

"""How a test says that something is refused, and for which reason."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from workflow.errors import Reason, Refusal


@contextmanager
def refused(reason: Reason, *paths: str) -> Iterator[None]:
    """Expect a refusal for this reason, naming exactly these fields."""
    with pytest.raises(Refusal) as caught:
        yield
    named = tuple(error.path for error in caught.value.errors)
    assert (caught.value.denied.reason, named) == (reason, paths)

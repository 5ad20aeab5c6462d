"""Everything with a value has a name in both languages."""

from enum import StrEnum

import pytest

from workflow.lifecycle import plan
from workflow.policy import (
    MEANING_NAMES,
    ROLE_NAMES,
    SCHEME_STATE_NAMES,
    SCHEME_TRIGGER_NAMES,
    STATE_NAMES,
    TRIGGER_NAMES,
    Meaning,
    Role,
    SchemeState,
    SchemeTrigger,
    State,
    Trigger,
)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (Role, ROLE_NAMES),
        (State, STATE_NAMES),
        (Trigger, TRIGGER_NAMES),
        (Meaning, MEANING_NAMES),
        (SchemeState, SCHEME_STATE_NAMES),
        (SchemeTrigger, SCHEME_TRIGGER_NAMES),
        (plan.State, plan.STATE_NAMES),
        (plan.Trigger, plan.TRIGGER_NAMES),
    ],
)
def test_every_value_is_named_in_both_languages(values: type[StrEnum], names: dict) -> None:
    assert list(names) == list(values)
    assert all(name.zh and name.en for name in names.values())
    assert len({name.zh for name in names.values()}) == len(names)

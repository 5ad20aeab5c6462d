"""The words of the basis: every step that has a sentence has a name, and no other."""

from workflow.scoring.basis_wording import STEP_NAMES, STEP_WORDING


def test_every_step_has_a_name() -> None:
    assert set(STEP_NAMES) == {step.partition(".")[0] for step in STEP_WORDING}

"""What is asked of a card or a scheme version when somebody moves it."""

from dataclasses import dataclass

from workflow.services.accounts.identify import Proof


@dataclass(frozen=True, slots=True)
class Asked:
    """The trigger, how the signer proved themselves, why, and for a return how far back."""

    trigger: str
    proof: Proof = Proof(None)  # noqa: RUF009 — frozen
    reason: str | None = None
    to: str | None = None

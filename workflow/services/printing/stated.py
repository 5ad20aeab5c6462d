"""What a signed form says of itself."""

import re
from dataclasses import dataclass
from enum import StrEnum


class FormKind(StrEnum):
    """What is printed and signed: a scorecard, by its number, or a plan's report, by the plan's code."""

    CARD = "card"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a signed form says of itself: what it is, its number and revision, and the digest that its signatures bind."""

    kind: FormKind
    number: str
    revision: int
    digest: str

    def text(self) -> str:
        """Write it as the signature's reason."""
        return f"{self.kind} {self.number} revision {self.revision} sha256 {self.digest}"

    @classmethod
    def read(cls, text: str) -> "Stated | None":
        """Read a signature's reason; none where it says something else."""
        told = _TEXT.fullmatch(text)
        return cls(FormKind(told[1]), told[2], int(told[3]), told[4]) if told else None


_TEXT = re.compile(rf"({'|'.join(FormKind)}) (.+) revision (\d+) sha256 ([0-9a-f]{{64}})")

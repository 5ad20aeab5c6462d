"""What one card pays: amounts are decimals, which the template writes as money."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PayPanel:
    """What a published card pays: amounts by part, why a part has none, the steps in words; `batch` None: not final yet."""

    batch: int | None
    amounts: Mapping[str, Decimal | None]
    gaps: Mapping[str, str]
    total: Decimal | None
    steps: tuple[str, ...]

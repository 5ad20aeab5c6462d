"""Whom the demo organisation appraises by which scheme, by how often."""

from collections.abc import Mapping
from typing import Final

from workflow.scoring.periods import Frequency
from workflow.services.plans.plan import PlanContents

CONTENTS: Final[Mapping[Frequency, tuple[PlanContents, ...]]] = {
    Frequency.DAY: (PlanContents("customer-service-day", ("service",)),),
    Frequency.MONTH: (
        PlanContents("customer-department", ("customer",)),
        PlanContents("marketing-department", ("market",)),
        PlanContents("sales-department", ("sales",)),
        PlanContents("regional-office", ("east",)),
        PlanContents("csr-card", ("credit-card", "general")),
        PlanContents("csr-wealth", ("platinum", "wealth")),
        PlanContents("hotline-shift-leader", ("hotline-1",), ("值班长",)),
        PlanContents("hotline-guide", ("hotline-1",), ("业务指导",)),
        PlanContents("account-manager-profit", ("banking",)),
        PlanContents("account-manager-service", ("banking",)),
        PlanContents("customer-service-department", ("service",)),
        PlanContents("customer-service-staff", ("service-desk",)),
        PlanContents("service-quality", ("card-room", "general-room", "hotline-1")),
        PlanContents("hotline-agent", ("hotline-1",), ("话务员",)),
    ),
    Frequency.QUARTER: (PlanContents("customer-service-quarter", ("service",)),),
    Frequency.HALF_YEAR: (PlanContents("customer-service-half-year", ("service",)),),
    Frequency.YEAR: (
        PlanContents("customer-service-year", ("service",)),
        PlanContents("account-manager-levels", ("banking",)),
    ),
}

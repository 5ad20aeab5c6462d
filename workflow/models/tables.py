"""Every table at once: what reads the metadata imports this module."""

from workflow.models import (
    accounts,
    actions,
    calendar,
    evidence,
    imports,
    ledger,
    log,
    measurements,
    objections,
    organisation,
    payroll,
    personnel,
    plans,
    rankings,
    record,
    schemes,
    scorecards,
)
from workflow.models.database import Base

MODULES = (
    accounts,
    actions,
    imports,
    log,
    measurements,
    organisation,
    personnel,
    payroll,
    calendar,
    imports,
    measurements,
    objections,
    evidence,
    imports,
    ledger,
    measurements,
    organisation,
    plans,
    rankings,
    record,
    schemes,
    scorecards,
)
metadata = Base.metadata

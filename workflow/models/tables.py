"""Every table at once: what reads the metadata imports this module."""

from workflow.models import (
    accounts,
    actions,
    calendar,
    imports,
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
    organisation,
    plans,
    rankings,
    record,
    schemes,
    scorecards,
)
metadata = Base.metadata

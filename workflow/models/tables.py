"""Every table at once: what reads the metadata imports this module."""

from workflow.models import accounts, imports, measurements, organisation, plans, record, schemes, scorecards
from workflow.models.database import Base

MODULES = (accounts, imports, measurements, organisation, plans, record, schemes, scorecards)
metadata = Base.metadata

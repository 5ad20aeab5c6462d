"""A period's appraisal: its plan, its calendar, who is late."""

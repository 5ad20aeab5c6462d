"""A period's written report: its figures frozen, its words signed, told as far as the plan discloses."""

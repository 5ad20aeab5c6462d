"""People and units over time: who belongs where, who is on post, who acts for whom."""

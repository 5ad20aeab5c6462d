"""Queries and appeals: made, answered, escalated, upheld."""

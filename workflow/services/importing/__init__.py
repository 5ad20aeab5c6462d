"""Bringing in a file: read without trust, checked, applied, undone."""

"""Indicator values from other systems: taken in, taken back, read."""

"""Time as an argument: services never ask the wall."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the present moment in UTC."""

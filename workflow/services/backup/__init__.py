"""Backing up while people work, and restoring with proof."""

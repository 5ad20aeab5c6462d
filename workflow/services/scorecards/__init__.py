"""What happens to a scorecard: filled in, scored, questioned, signed, corrected, and read."""

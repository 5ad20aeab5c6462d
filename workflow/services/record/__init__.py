"""The written record: placed in the log, signed, witnessed, proved, read, given out."""

"""Erasing what the record says of a person, by order: what is reached, what stays, what is told of it."""

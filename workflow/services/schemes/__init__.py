"""Schemes as documents: written, compared, signed, tried on past plans."""

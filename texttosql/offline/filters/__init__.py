"""Conditions by name, one kind of thing to a file; `filtering` sets their order."""

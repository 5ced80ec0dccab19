"""Conditions with a number or a bound, one kind to a file; `comparing` sets their order."""

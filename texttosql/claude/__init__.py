"""Claude writes the SQL; the guard judges it like anybody's."""

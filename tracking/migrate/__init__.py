"""From SQLite to MySQL: a plan that can be read, a copy that can be resumed, and a proof."""

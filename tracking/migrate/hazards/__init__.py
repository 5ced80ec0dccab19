"""What can go wrong on the way from SQLite to MySQL, each found before anything is written."""

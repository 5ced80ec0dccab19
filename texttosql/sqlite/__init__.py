"""MLflow stores in SQLite files, read without ever being written."""

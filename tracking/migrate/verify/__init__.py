"""The proof: both stores are compared row by row, in their structure, and through MLflow itself."""

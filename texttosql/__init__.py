"""The corridor: a question becomes checked SQL, then an answer. Knows neither Slack nor MLflow's package."""

"""The corridor: a question becomes checked SQL, then an answer.

It knows neither Slack nor MLflow's Python package.
"""

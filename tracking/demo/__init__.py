"""A store to try things on: really trained models, logged through the real MLflow API."""

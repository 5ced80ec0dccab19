"""The cellar: the MLflow store, its making, its moving and its keeping."""

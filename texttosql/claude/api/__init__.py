"""The model at its provider: asked within a deadline, its answer checked, its price known."""

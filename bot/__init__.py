"""The porch: Slack in, Slack out."""

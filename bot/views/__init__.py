"""What the app shows beside answers, built as plain Block Kit from values: pure, no Slack calls."""

"""The whole bot on a loopback Slack."""

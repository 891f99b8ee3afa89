"""One bot, three front ends: Discord, Slack and the browser playground over one core."""

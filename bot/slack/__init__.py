"""The Slack front end. `front.py` is the way in; nothing here is imported unless Slack is configured."""

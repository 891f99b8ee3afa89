"""Tests of the Slack front end: Bolt's own dispatch, a recorded Web API, a stub core."""

"""Engines: when a job is looked at."""

"""Faults from outside against the whole bot."""

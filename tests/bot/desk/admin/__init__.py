"""Tests of the settings in the chat."""

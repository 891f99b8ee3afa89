"""Pixels: is it safe to decode, four in one, small enough for a chat. All of it off the event loop."""

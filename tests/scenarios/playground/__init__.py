"""The whole bot behind the playground, in a real browser."""

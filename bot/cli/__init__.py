"""The `imagine-bot` command: run, and what an operator does beside it."""

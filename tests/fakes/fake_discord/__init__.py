"""The fake Discord refuses what the real one refuses."""

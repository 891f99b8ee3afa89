"""The whole bot over each provider's loopback server."""

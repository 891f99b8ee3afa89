"""The web process part: health, webhooks, whatever wiring mounts, and the server that runs it."""

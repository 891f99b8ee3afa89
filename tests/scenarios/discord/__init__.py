"""The whole bot on a loopback Discord."""

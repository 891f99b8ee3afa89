"""Loopback servers of the image providers' APIs: fakes that refuse what the real services refuse."""

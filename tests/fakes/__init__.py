"""Loopback stand-ins for the outside services."""

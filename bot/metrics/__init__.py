"""Figures: wrappers around ports that tell a Meter what passed through, and the Meter that Prometheus reads."""

"""The SQL behind bot/policy/ports.py: one file a protocol, put together in `store`."""

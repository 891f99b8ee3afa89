"""What operators of several processes are told."""

from __future__ import annotations


def no_queue(why: str) -> str:
    """The engine's tables cannot be made or used; `why` is the server's own word."""
    return (
        f"The job engine cannot use the database of DATABASE_URL: {why.strip()}. Its user must own the database, or "
        "be allowed to create schemas in it; a connection pooler in front must pool whole sessions."
    )


def no_library(name: str) -> str:
    """Postgres is asked for, and what it needs is not installed."""
    return f"DATABASE_URL names a Postgres server, and {name} is not installed: pip install 'imagine-bot[postgres]'."

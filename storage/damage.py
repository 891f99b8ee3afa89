"""A database file that is no database any more: how that is found, and what the operator is told."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from bot.errors import ImagineError, StartError, StoreUnavailable
from storage.db import Database

SIGNS = ("malformed", "file is not a database", "file is encrypted")
"""In the messages of SQLITE_CORRUPT and SQLITE_NOTADB (https://www.sqlite.org/rescode.html)."""
CHECKED_BYTES = 256 * 2**20
"""A larger file is not looked through at the start: a cold disk would take seconds. `imagine-bot backup` does."""


class Damaged(ImagineError):
    """`str()` is SQLite's own word."""


def damaged(error: Exception) -> bool:
    """Whether an error of the driver means that the file itself is broken."""
    return isinstance(error, Damaged) or any(sign in str(error) for sign in SIGNS)


def look_through(connection: Connection) -> None:
    """Every page of the file is there and where it belongs (about 2 GB/s from memory). Raises Damaged."""
    found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
    if found != "ok":
        raise Damaged(" ".join(found.split()))


async def sound(db: Database) -> None:
    """At the start, before anything is written. Raises StartError for a damaged file; others' faults are not judged here.

    A server looks after its own files.
    """
    if db.path is None or not db.path.exists() or db.path.stat().st_size > CHECKED_BYTES:
        return
    try:
        async with db.read() as connection:
            await connection.run_sync(look_through)
    except (Damaged, StoreUnavailable) as error:
        if damaged(error):
            raise StartError(sentence(db.path, error)) from error


def sentence(path: Path, error: Exception) -> str:
    """Which file, what SQLite says, and the way back."""
    kept = sorted((path.parent / "backups").glob("*.tar"), key=lambda one: one.stat().st_mtime)
    last = kept[-1] if kept else "BACKUP"
    return (
        f"The database {path} is damaged ({error}): put the last backup back with `imagine-bot restore {last} --force`, "
        "which sets the damaged file aside."
    )

"""The lock of a data folder: one running engine (or one restore) at a time."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import StartError

OF_FOLDER = "imagine-bot.lock"
OF_DATABASE = ".db.lock"
"""Names of the file in a data folder, and how that beside a database ends."""


def folder_lock(path: Path) -> FileLock:
    """Of the operating system, so that a killed process holds nothing; not taken yet."""
    return FileLock(path, blocking=False, fallback_to_soft=False)


def take(lock: FileLock) -> None:
    """Raises StartError if another process holds it, or the folder cannot be used."""
    folder = Path(lock.lock_file).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        database = lock.lock_file.endswith(OF_DATABASE)
        held = f"this database ({lock.lock_file})" if database else f"this data folder ({folder})"
        raise StartError(f"Another imagine-bot process is running on {held}.") from error
    except (OSError, NotImplementedError) as error:
        if lock.lock_file.endswith(OF_DATABASE):
            mend = "Let DATABASE_URL name a file in a folder of your own."
            raise StartError(f"The folder {folder} of the database cannot be used: {error}. {mend}") from error
        raise StartError(f"The data folder {folder} cannot be locked: {error}") from error

"""The lock of a data folder: one running engine (or one restore) at a time."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import StartError


def folder_lock(path: Path) -> FileLock:
    """Of the operating system, so that a killed process holds nothing; not taken yet."""
    return FileLock(path, blocking=False, fallback_to_soft=False)


def take(lock: FileLock) -> None:
    """Raises StartError if another process holds it, or the folder cannot be used."""
    folder = Path(lock.lock_file).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise StartError(f"Another imagine-bot process is running on this data folder ({folder}).") from error
    except (OSError, NotImplementedError) as error:
        raise StartError(f"The data folder {folder} cannot be locked: {error}") from error

"""IMAGINE_SECRET: given, or made once and kept in the data folder, so that webhook addresses stay good over restarts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.errors import StartError


def kept_secret(folder: Path) -> str:
    """Read `secret` in the data folder, or make it (32 random bytes, readable by this user only). Raises StartError."""
    path = folder / "secret"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() or not path.read_text().strip():
            _write(path, secrets.token_hex(32))
        return path.read_text().strip()
    except OSError as error:
        raise StartError(
            f"The data folder {folder} cannot be used: {error}. Set IMAGINE_DATA_DIR to a folder of your own."
        ) from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a kill in between must not leave an empty secret."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

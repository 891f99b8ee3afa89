"""IMAGINE_SECRET: given, or made once and kept in the data folder, so that webhook addresses stay good over restarts."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from bot.errors import StartError
from bot.texts import settings as texts

EXPECTED = (
    f"expected {texts.LONG_AND_SPACELESS}: put the file back from a backup. Without it webhooks under way, links and "
    "what is sealed with it are lost; if that is no matter, remove it, and the start makes a new one."
)


def kept_secret(folder: Path) -> str:
    """Read `secret` in the data folder, or make it (32 random bytes, readable by this user only). Raises StartError.

    What cannot be a secret is not replaced: what it has signed and sealed would be lost.
    """
    path = folder / "secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists() or not path.read_bytes().strip():
            _write(path, secrets.token_hex(32))
        text = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise StartError(f"{path} is no text, {EXPECTED}") from error
    except OSError as error:
        raise StartError(
            f"The data folder {folder} cannot be used: {error}. Set IMAGINE_DATA_DIR to a folder of your own."
        ) from error
    if not re.fullmatch(r"\S{16,}", text):
        raise StartError(f"{path} holds no secret, {EXPECTED}")
    return text


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

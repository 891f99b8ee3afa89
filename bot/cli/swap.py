"""A restore's last step: new files take the places of old ones, and a kill in between is seen.

Several files cannot be swapped at once, and what stands there meanwhile looks usable: a database without its log has lost
commits, and where there is none a start makes an empty one. So a mark stands in the data folder until all is swapped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StartError
from bot.texts import backup as texts

MARK = ".restoring"
BESIDE = ("-wal", "-shm")
"""How files end that belong to a database and fit no other one."""


def whole(folder: Path) -> None:
    """Raises StartError where a restore into this data folder was broken off."""
    with suppress(OSError):  # a folder that cannot be looked into is told by whoever needs it
        if (folder / MARK).exists():
            raise StartError(texts.broken_off(str(folder)))


def swap(folder: Path, news: Mapping[Path, Path]) -> list[Path]:
    """`news`: new file -> its place in the data folder or elsewhere; one that is not there changes nothing.

    Returns what was set aside.
    """
    drafts = {_draft(new, target): target for new, target in news.items() if new.exists()}
    mark, stamp = folder / MARK, f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    mark.touch()
    _sync(folder)
    aside = [old for draft, target in drafts.items() for old in _put(draft, target, stamp)]
    mark.unlink()
    _sync(folder)
    return aside


def _draft(new: Path, target: Path) -> Path:
    """Beside its place, which may be on another disk; what an earlier try left is written over."""
    draft = target.with_name(f".{target.name}{MARK}")
    shutil.copy2(new, draft)
    _sync(draft)
    return draft


def _put(draft: Path, target: Path, stamp: str) -> list[Path]:
    """The old file, and first what stands beside it, under names of their own."""
    olds = [*(target.with_name(target.name + end) for end in BESIDE), target]
    aside = {old: old.with_name(f"{old.name}.before-{stamp}") for old in olds if old.exists()}
    for old, kept in aside.items():
        old.replace(kept)
    draft.replace(target)
    _sync(target.parent)
    return list(aside.values())


def _sync(path: Path) -> None:
    """What was written, or renamed in a folder, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

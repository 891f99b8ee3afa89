"""The parts of `check` that look at this machine and at our own public address."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Protocol, runtime_checkable

import aiohttp

from bot.errors import StartError, StoreUnavailable
from bot.jobs.ports import Pictures
from bot.texts import check as texts
from providers.base import Health
from storage.damage import sound
from storage.db import Database
from storage.migrate import HEAD
from storage.probe import probe

SECONDS = 15.0
FULL = (errno.ENOSPC, errno.EDQUOT)
"""No fault of the folder: the disk, or this user's share of it, has no room."""


@runtime_checkable
class Proving(Protocol):
    """A picture store that can try itself."""

    async def check(self) -> None:
        """Write, read, delete. Raises StoreUnavailable."""
        ...


def data_folder(folder: Path) -> Health:
    """Whether a file can be made there."""
    if fault := _unwritable(folder):
        why, full = fault.strerror or str(fault), fault.errno in FULL
        return Health(ok=False, sentence=texts.folder_bad(str(folder.absolute()), why, full=full))
    return Health(ok=True, sentence=texts.folder_good(str(folder.absolute())))


def _unwritable(folder: Path) -> OSError | None:
    """Why not. The folder is made if it is not there yet, as the start would."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"probe")
    except OSError as error:
        return error
    return None


def _place(db: Database) -> Health:
    """Of a database that is still to be made."""
    fault = _unwritable(db.path.parent) if db.path is not None else None
    if fault is None:
        return Health(ok=True, sentence=texts.database_new(db.name))
    why, full = fault.strerror or str(fault), fault.errno in FULL
    return Health(ok=False, sentence=texts.database_unmade(db.name, why, full=full))


async def database(db: Database) -> Health:
    """Whole, by the start's own test, writable, and of this version; a running bot is no hindrance."""
    if not db.there:
        return _place(db)
    try:
        await sound(db)
        revision = await probe(db)
    except StartError as error:
        return Health(ok=False, sentence=str(error))
    except StoreUnavailable as error:
        return Health(ok=False, sentence=texts.database_bad(db.name, str(error)))
    return Health(ok=True, sentence=texts.database_good(db.name, revision, HEAD))


async def pictures(store: Pictures) -> Health:
    """A probe goes in, comes out and is removed."""
    try:
        if isinstance(store, Proving):
            await store.check()
    except StoreUnavailable as error:
        return Health(ok=False, sentence=texts.pictures_bad(str(error)))
    return Health(ok=True, sentence=texts.PICTURES_GOOD)


async def public_url(url: str) -> Health:
    """Whether the address leads to a running imagine-bot."""
    address = f"{url.rstrip('/')}/healthz"
    try:
        timeout = aiohttp.ClientTimeout(SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as response:
            alive = response.ok and (await response.json(content_type=None)) == {"status": "alive"}
            why = "" if alive else texts.foreign(response.status)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        why = str(error) or type(error).__name__
    return Health(ok=not why, sentence=texts.public_bad(address, why) if why else texts.public_good(url))

"""The parts of `check` that look at this machine and at our own public address."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Protocol, runtime_checkable

import aiohttp

from bot.errors import StoreUnavailable
from bot.jobs.ports import Pictures
from bot.texts import check as texts
from providers.base import Health
from storage.db import Database
from storage.migrate import HEAD
from storage.probe import probe

SECONDS = 15.0


@runtime_checkable
class Proving(Protocol):
    """A picture store that can try itself."""

    async def check(self) -> None:
        """Write, read, delete. Raises StoreUnavailable."""
        ...


def data_folder(folder: Path) -> Health:
    """Can a file be made there? The folder is made if it is not there yet, as the start would."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"probe")
    except OSError as error:
        return Health(ok=False, sentence=texts.folder_bad(str(folder.absolute()), error.strerror or str(error)))
    return Health(ok=True, sentence=texts.folder_good(str(folder.absolute())))


async def database(db: Database) -> Health:
    """Writable, and of this version; a running bot is no hindrance."""
    if not db.there:
        return Health(ok=True, sentence=texts.database_new(db.name))
    try:
        revision = await probe(db)
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

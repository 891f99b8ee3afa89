"""The picture store through obstore: a local folder, memory, or an object store, chosen by one URL."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from bot.errors import PicturesUnavailable

if TYPE_CHECKING:
    from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_KEY = 512
PROBE = "check/probe"
LISTED = 500
"""Keys in one batch of a listing."""


def safe_key(key: str) -> str:
    """The key itself, or ValueError: it must be relative, of plain characters, and lead nowhere else (`..`)."""
    if len(key) > LONGEST_KEY or not all(SEGMENT.fullmatch(part) for part in key.split("/")):
        raise ValueError(f"not a key of the picture store: {key!r}")
    return key


class ObstorePictures:
    """Implements the core's `Pictures`. A put is whole or not there at all. Raises PicturesUnavailable when the store fails.

    `url`: a folder (path or file:// URL, made if absent), memory://, or s3://, gs://, az:// with the variables that
    those stores' own tools read. The three object stores have not been tried against a real service.
    """

    def __init__(self, url: str) -> None:
        """Open nothing yet: obstore is loaded, and a folder made, at the first use."""
        self._url = url
        self._opened: LocalStore | MemoryStore | ObjectStore | None = None

    async def put(self, key: str, data: bytes, mime: str) -> None:
        """Store; the same key again replaces. `mime` is kept where the store can (a folder cannot)."""
        safe_key(key)
        try:
            store = self._store()
            await store.put_async(key, data, attributes={"Content-Type": mime} if self.remote else None)
        except Exception as error:
            raise self._failed("write", error) from error

    async def get(self, key: str) -> bytes:
        """The bytes; raises KeyError for an unknown key."""
        safe_key(key)
        try:
            found = await self._store().get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            raise KeyError(key) from None
        except Exception as error:
            raise self._failed("read", error) from error

    async def delete(self, keys: Sequence[str]) -> None:
        """Remove; unknown keys are no error."""
        for key in [safe_key(key) for key in keys]:
            try:
                await self._store().delete_async(key)
            except FileNotFoundError:
                continue
            except Exception as error:
                raise self._failed("delete", error) from error

    async def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        safe_key(key)
        try:
            await self._store().head_async(key)
        except FileNotFoundError:
            return False
        except Exception as error:
            raise self._failed("look", error) from error
        return True

    async def keys(self, folder: str, *, after: float = -inf, before: float = inf) -> AsyncIterator[Sequence[str]]:
        """Batches of the keys under a folder that were last written between two moments (unix seconds), in no order."""
        safe_key(folder)
        try:
            async for chunk in self._store().list(prefix=folder, chunk_size=LISTED):
                yield [one["path"] for one in chunk if after <= one["last_modified"].timestamp() < before]
        except Exception as error:
            raise self._failed("list", error) from error

    async def sign(self, key: str, seconds: int) -> str:
        """An address of these bytes that the object store itself signs; whether they exist is not asked."""
        from obstore import sign_async  # noqa: PLC0415 - as below

        safe_key(key)
        try:
            return await sign_async(cast("S3Store", self._store()), "GET", key, timedelta(seconds=seconds))
        except Exception as error:
            raise self._failed("sign", error) from error

    async def check(self) -> None:
        """Write, read and delete a small probe; raises PicturesUnavailable with what went wrong."""
        await self.put(PROBE, b"probe", "text/plain")
        if await self.get(PROBE) != b"probe":
            raise PicturesUnavailable("The picture store gives back other bytes than it was given.")
        await self.delete([PROBE])

    @property
    def remote(self) -> bool:
        """Whether it is an object store, reached over the network."""
        return "://" in self._url and not self._url.startswith(("file://", "memory://"))

    def _store(self) -> LocalStore | MemoryStore | ObjectStore:
        """Opened once, at first use: the import costs start-up time and memory that `imagine-bot usage` does not need."""
        if self._opened is None:
            from obstore.store import LocalStore, MemoryStore, from_url  # noqa: PLC0415 - see above

            if self.remote:
                self._opened = from_url(self._url)
            elif self._url.startswith("memory://"):
                self._opened = MemoryStore()
            else:
                self._opened = LocalStore(_folder(self._url), mkdir=True, automatic_cleanup=True)
        return self._opened

    def _failed(self, verb: str, error: Exception) -> PicturesUnavailable:
        """One family for all that an object store can say; the address may hold a secret and is left out."""
        where = "object store" if self.remote else "picture folder"
        return PicturesUnavailable(f"The {where} did not {verb}: {type(error).__name__}: {str(error)[:300]}")


def _folder(url: str) -> Path:
    """The folder of a path or of a file:// URL (whose path is percent-encoded)."""
    return Path(unquote(urlsplit(url).path) if url.startswith("file://") else url).absolute()

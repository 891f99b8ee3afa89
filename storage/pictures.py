"""The picture store through obstore: a local folder, memory, or an object store, chosen by one URL."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from bot.errors import PicturesUnavailable
from storage import objects

if TYPE_CHECKING:
    from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_KEY = 512
PROBE = "check/probe"
LISTED = 500
"""Keys in one batch of a listing."""
TOGETHER = 20
"""Keys that are deleted at the same time."""


def safe_key(key: str) -> str:
    """The key itself, or ValueError: it must be relative, of plain characters, and lead nowhere else (`..`)."""
    if len(key) > LONGEST_KEY or not all(SEGMENT.fullmatch(part) for part in key.split("/")):
        raise ValueError(f"not a key of the picture store: {key!r}")
    return key


class ObstorePictures:
    """Implements the core's `Pictures`. A put is whole or not there at all. Raises PicturesUnavailable when the store fails.

    `url`: a folder (path or file:// URL, made if absent), memory://, or s3://, gs://, az:// with the variables that
    those stores' own tools read. docs/pictures.md says which of them were tried, and how.
    """

    def __init__(self, url: str) -> None:
        """Open nothing yet: obstore is loaded, and a folder made, at the first use."""
        self._url = url
        self._opened: LocalStore | MemoryStore | ObjectStore | None = None

    async def put(self, key: str, data: bytes, mime: str) -> None:
        """Store; the same key again replaces. `mime` is kept where the store can (a folder cannot)."""
        safe_key(key)
        kept = {"Content-Type": mime} if self.remote else None
        try:
            # In one request, however large: parts of a broken upload would lie in a bucket unseen, and cost.
            await self._store().put_async(key, data, attributes=kept, use_multipart=False)
        except Exception as error:
            raise self._failed("write", error) from error

    async def get(self, key: str) -> bytes:
        """The bytes; raises KeyError for an unknown key."""
        safe_key(key)
        try:
            found = await self._store().get_async(key)
            return bytes(await found.bytes_async())
        except Exception as error:
            if self._unknown(error):
                raise KeyError(key) from None
            raise self._failed("read", error) from error

    async def delete(self, keys: Sequence[str]) -> None:
        """Remove; unknown keys are no error."""
        safe = [safe_key(key) for key in keys]
        if safe and self._url.startswith("s3://"):
            await self._drop_all(safe)
            return
        for start in range(0, len(safe), TOGETHER):
            await asyncio.gather(*(self._drop(key) for key in safe[start : start + TOGETHER]))

    async def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        safe_key(key)
        try:
            await self._store().head_async(key)
        except Exception as error:
            if self._unknown(error):
                return False
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
        safe_key(key)
        try:
            from obstore import sign_async  # noqa: PLC0415 - as below

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
    def where(self) -> str:
        """Where the keys lie, for the log: without a login or a query."""
        parts = urlsplit(self._url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    @property
    def remote(self) -> bool:
        """Whether it is an object store, reached over the network."""
        return "://" in self._url and not self._url.startswith(("file://", "memory://"))

    def _store(self) -> LocalStore | MemoryStore | ObjectStore:
        """Opened once, at first use: the import costs start-up time and memory that `imagine-bot usage` does not need."""
        if self._opened is None:
            from obstore.store import LocalStore, MemoryStore  # noqa: PLC0415 - see above

            if self.remote:
                self._opened = objects.open_objects(self._url)
            elif self._url.startswith("memory://"):
                self._opened = MemoryStore()
            else:
                self._opened = LocalStore(_folder(self._url), mkdir=True, automatic_cleanup=True)
        return self._opened

    async def _drop(self, key: str) -> None:
        try:
            await self._store().delete_async(key)
        except Exception as error:
            if not self._unknown(error):
                raise self._failed("delete", error) from error

    async def _drop_all(self, keys: Sequence[str]) -> None:
        """S3 removes a thousand in one request, and minds no missing one."""
        try:
            await self._store().delete_async(keys)
        except Exception as error:
            raise self._failed("delete", error) from error

    def _unknown(self, error: Exception) -> bool:
        """The store is there, and the key is not."""
        return isinstance(error, FileNotFoundError) and not (self.remote and objects.without_bucket(error))

    def _failed(self, verb: str, error: Exception) -> PicturesUnavailable:
        """One family for all that an object store can say."""
        where = "object store" if self.remote else "picture folder"
        return PicturesUnavailable(f"The {where} did not {verb}: {objects.reason(error)}")


def _folder(url: str) -> Path:
    """The folder of a path or of a file:// URL (whose path is percent-encoded)."""
    return Path(unquote(urlsplit(url).path) if url.startswith("file://") else url).absolute()

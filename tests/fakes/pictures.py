"""A fake picture store: a dictionary that keeps the same promises as the real one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from math import inf

from storage.pictures import safe_key


class MemoryPictures:
    """Implements `Pictures`; `kept` is open to tests: key to bytes and mime type."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str]] = {}
        self.written: dict[str, float] = {}

    async def put(self, key: str, data: bytes, mime: str) -> None:
        self.kept[safe_key(key)] = (bytes(data), mime)
        self.written[key] = time.time()

    async def get(self, key: str) -> bytes:
        return self.kept[safe_key(key)][0]

    async def has(self, key: str) -> bool:
        return safe_key(key) in self.kept

    async def keys(self, folder: str, *, after: float = -inf, before: float = inf) -> AsyncIterator[Sequence[str]]:
        found = [key for key in self.kept if key.startswith(f"{safe_key(folder)}/")]
        yield [key for key in found if after <= self.written.get(key, 0.0) < before]

    async def delete(self, keys: Sequence[str]) -> None:
        for key in [safe_key(key) for key in keys]:
            self.kept.pop(key, None)

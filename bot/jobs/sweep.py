"""Retention: old prompts are blanked and old pictures deleted, in small batches, so that nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.cut import cut
from bot.errors import StoreUnavailable
from bot.jobs.house import House
from bot.jobs.orphans import DAY, OrphanRows, Orphans

log = structlog.get_logger()
FIRST_SECONDS = 600.0
EVERY_SECONDS = 3600.0
FILES = ("privacy", "desk")
"""Folders of the picture store whose files were made to be read once: they go after a day."""


@dataclass(frozen=True, slots=True)
class Range:
    """What is older than `before` (unix seconds): in the community `only`, or if that is "" everywhere `but` there."""

    before: float
    only: str = ""
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aged:
    """Jobs, and the keys of their pictures that may be deleted."""

    ids: tuple[str, ...]
    keys: tuple[str, ...]


class OldRows(OrphanRows, Protocol):
    """The rows' side. Every method of this class takes a batch; nothing found means: done."""

    async def forget_prompts(self, which: Range) -> int:
        """Blank the words of ended jobs; how many."""
        ...

    async def forget_audit(self, which: Range) -> int:
        """Blank what users said in audit entries; how many."""
        ...

    async def old_pictures(self, which: Range) -> Aged:
        """Ended jobs that still name pictures."""
        ...

    async def forget_pictures(self, ids: Sequence[str]) -> None:
        """These jobs name none any more."""
        ...

    async def previews(self, now: float) -> Aged:
        """Ended jobs that still name a preview."""
        ...

    async def forget_previews(self, ids: Sequence[str]) -> None:
        """These jobs name none any more."""
        ...


class Sweeper:
    """An hourly round; `once` is one round, for tests and the command line."""

    def __init__(self, house: House, rows: OldRows, *, first: float = FIRST_SECONDS, every: float = EVERY_SECONDS) -> None:
        """Seconds until the first round, and between two."""
        self._house, self._rows = house, rows
        self._orphans = Orphans(house, rows)
        self._first, self._every = first, every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wait for the first round."""
        self._task = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Returns when no round is under way any more."""
        if self._task is not None:
            await cut([self._task])
            self._task = None

    async def _sweep(self) -> None:
        await asyncio.sleep(self._first)
        while True:
            try:
                await self.once()
            except StoreUnavailable:
                log.exception("sweep broken off, the next one goes on")
            await asyncio.sleep(self._every)

    async def once(self) -> None:
        """Everything that is due now. A round that is broken off has done part of it; the next one does the rest."""
        now = self._house.clock()
        prompts, pictures = await self._ranges(now)
        blanked = sum([await _all(self._rows.forget_prompts, which) for which in prompts])
        blanked += sum([await _all(self._rows.forget_audit, which) for which in prompts])
        dropped = sum([await self._drop(which) for which in pictures])
        dropped += await self._drop_previews(now)
        files = sum([await self._drop_files(folder, now - DAY) for folder in FILES])
        if blanked or dropped or files:
            log.info("swept", prompts=blanked, pictures=dropped, files=files)
        await self._orphans.once(now)

    async def _ranges(self, now: float) -> tuple[list[Range], list[Range]]:
        """Of prompts and of pictures: each community's own time, and the deployment's for all others."""
        every = await self._house.policy.all_communities()
        prompts = {key: found.retain_prompts for key, found in every.items() if found.retain_prompts}
        pictures = {key: found.retain_pictures for key, found in every.items() if found.retain_pictures}
        return self._of(prompts, now), self._of(pictures, now)

    def _of(self, days: dict[str, int], now: float) -> list[Range]:
        ranges = [Range(now - kept * DAY, only=key) for key, kept in days.items()]
        default = self._house.retain_days
        return [*ranges, *([Range(now - default * DAY, but=tuple(days))] if default else [])]

    async def _drop_files(self, folder: str, before: float) -> int:
        dropped = 0
        async for keys in self._house.pictures.keys(folder, before=before):
            await self._house.pictures.delete(keys)
            dropped += len(keys)
        return dropped

    async def _drop(self, which: Range) -> int:
        """Bytes before rows: what a kill leaves behind is named still, and found again."""
        dropped = 0
        while (aged := await self._rows.old_pictures(which)).ids:
            await self._house.pictures.delete(aged.keys)
            await self._rows.forget_pictures(aged.ids)
            dropped += len(aged.keys)
        return dropped

    async def _drop_previews(self, now: float) -> int:
        dropped = 0
        while (aged := await self._rows.previews(now)).ids:
            await self._house.pictures.delete(aged.keys)
            await self._rows.forget_previews(aged.ids)
            dropped += len(aged.keys)
        return dropped


async def _all(forget: Callable[[Range], Awaitable[int]], which: Range) -> int:
    """Batch after batch."""
    done = 0
    while count := await forget(which):
        done += count
    return done

"""Pictures without a job are deleted; jobs without their pictures are told to the operator. Once a day, in batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from bot.jobs.house import House

log = structlog.get_logger()
DAY = 86400.0
FOLDERS = ("inputs", "calls", "jobs")
"""Folders of the picture store whose files belong to jobs."""
LOOKED_AT = 500
"""Jobs whose pictures are looked for in one round; the next round goes on behind them."""


class OrphanRows(Protocol):
    """The rows' side."""

    async def beginning(self) -> float | None:
        """When the oldest job was accepted; None without jobs."""
        ...

    async def needed(self, keys: Sequence[str]) -> Collection[str]:
        """Of these keys of the picture store, those that an open job may need or that a row names."""
        ...

    async def drawn(self, before: tuple[float, str], limit: int) -> Sequence[tuple[float, str, str]]:
        """Delivered jobs with pictures, older than that (time, id): time, id and the key of the first picture; newest first.

        Only where nobody has deleted them.
        """
        ...


class Orphans:
    """`once` does nothing more often than once a day for the store, and a part of the jobs each time."""

    def __init__(self, house: House, rows: OrphanRows) -> None:
        """The first round comes at once."""
        self._house, self._rows = house, rows
        self._last = 0.0
        self._place: tuple[float, str] | None = None

    async def once(self, now: float) -> None:
        """Raises StoreUnavailable; what was not done is done by the next round."""
        await self._missing(now)
        if now - self._last >= DAY:
            await self._drop(now)
            self._last = now

    async def _drop(self, now: float) -> None:
        """Files of the last day may belong to what is being done; older than the database, to another database."""
        beginning = await self._rows.beginning()
        if beginning is None:
            return
        dropped = 0
        for folder in FOLDERS:
            async for keys in self._house.pictures.keys(folder, after=beginning, before=now - DAY):
                needed = await self._rows.needed(keys) if keys else ()
                orphans = [key for key in keys if key not in needed]
                await self._house.pictures.delete(orphans)
                dropped += len(orphans)
        if dropped:
            log.info("pictures without a job deleted", pictures=dropped)

    async def _missing(self, now: float) -> None:
        """Nothing is changed for them: a folder that is not mounted looks the same, and comes back."""
        jobs = await self._rows.drawn(self._place or (now - DAY, ""), LOOKED_AT)
        gone = [job_id for _, job_id, key in jobs if not await self._house.pictures.has(key)]
        self._place = jobs[-1][:2] if len(jobs) == LOOKED_AT else None
        if gone:
            log.error("jobs without their pictures", jobs=len(gone), looked_at=len(jobs), some=gone[:5])

"""Partial pictures while calls are under way: checked, kept, and shown in the job's message. Never in the calls' way.

Where a moderation looks at pictures before people do, no unfinished one is shown: the fraction alone is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.jobs.house import House
from bot.jobs.model import Call, Job, Picture, Progress
from bot.jobs.ports import Composed
from bot.jobs.steps.cleanup import next_preview
from bot.jobs.steps.common import card_of, log
from bot.jobs.steps.fetch import limit_of
from bot.jobs.store import LeaseLost
from providers.base import Drawn
from providers.errors import BadPicture
from providers.streaming import Partial, Seen

APART = 1.0
"""Seconds between two previews of a job, at least."""


class Previews:
    """Those of one step's calls. One task writes them, one after another; what comes meanwhile is shown by the next one.

    `job`: the row as it stands.
    """

    def __init__(self, house: House, job: Job, calls: Sequence[Call], apart: float = APART) -> None:
        """`calls`: all that are sent in this step."""
        self.job = job
        self._house = house
        self._apart = apart
        self._screened = house.moderation is not None and house.moderation.pictures
        self._counts = {call.id: call.count for call in calls}
        self._shares = dict.fromkeys(self._counts, 0.0)
        self._came: dict[str, bytes] = {}
        self._tiles: dict[str, bytes] = {}
        self._news = asyncio.Event()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def of(self, call: Call) -> Seen:
        """What takes the partial pictures of this call."""

        async def seen(partial: Partial) -> None:
            self._take(call, partial.data, partial.fraction)

        return seen

    def finished(self, call: Call, drawn: Sequence[Drawn]) -> None:
        """Note that a call is answered: it counts as whole while others go on. What streamed nothing shows nothing."""
        if self._shares[call.id] > 0:
            self._take(call, drawn[0].data if drawn else b"", 1.0)

    async def close(self) -> None:
        """All calls are answered: what is being written is written, nothing new is begun."""
        self._stop.set()
        self._news.set()
        if self._task is not None:
            await self._task

    def _take(self, call: Call, data: bytes, fraction: float) -> None:
        self._shares[call.id] = max(self._shares[call.id], min(fraction, 1.0))
        if data and not self._screened:
            self._came[call.id] = data
        self._news.set()
        if self._task is None and not self._stop.is_set():
            self._task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            if self._stop.is_set():
                return
            await self._once()
            try:
                await asyncio.wait_for(self._stop.wait(), self._apart)
            except TimeoutError:
                continue

    async def _once(self) -> None:
        """Best effort: a picture store or a database that fails fails for the call's own pictures, too, and told then."""
        try:
            await self._show()
        except LeaseLost:
            log.info("lease lost, no more previews")
            self._stop.set()
        except Exception as error:  # noqa: BLE001  (a preview never harms a call that is paid for)
            log.warning("preview not shown", error=str(error), kind=type(error).__name__)

    async def _show(self) -> None:
        house, old = self._house, self.job.progress.preview
        await self._check()
        made = await self._compose()
        new = await self._keep(made) if made else old
        whole = sum(self._counts.values())
        fraction = sum(self._shares[call] * count for call, count in self._counts.items()) / whole
        self.job = await house.store.progressed(self.job, Progress(fraction, None, new))
        house.progress.show(house.chats[self.job.actor.platform], self.job, await card_of(house, self.job))
        if old is not None and old != new:
            await house.pictures.delete([old.key])

    async def _check(self) -> None:
        """Broken ones are left out; the last good one of the call stays."""
        came, self._came = self._came, {}
        for call_id, data in came.items():
            try:
                await self._house.imaging.check(data)
            except BadPicture as error:
                log.info("partial picture not usable", call=call_id, error=str(error))
            else:
                self._tiles[call_id] = data

    async def _compose(self) -> Composed | None:
        """The grid so far, in the order of the calls; None before the first usable one."""
        tiles = [self._tiles[call_id] for call_id in self._counts if call_id in self._tiles]
        if not tiles:
            return None
        chat = self._house.chats[self.job.actor.platform]
        most = limit_of(chat, self.job)
        if len(tiles) > 1:
            return await self._house.imaging.grid(tiles, most)
        return await self._house.imaging.fit(tiles[0], most, chat.limits.formats)

    async def _keep(self, made: Composed) -> Picture:
        """Under a fresh name, since chats and browsers keep what they have seen under the old one."""
        key = next_preview(self.job)
        await self._house.pictures.put(key, made.data, made.mime)
        return Picture(key, made.mime, made.width, made.height, len(made.data))

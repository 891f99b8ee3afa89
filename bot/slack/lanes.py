"""chat.postMessage allows about one message a second in each channel; bursts are tolerated, as long as Slack likes.

So the messages of a channel go out one after the other, in the order in which they were asked for, as fast as Slack takes
them. When it says 429, that channel's wait as long as it asks, and go on at its pace until the rush is over: a crowd that
tried again by itself would come back in waves, most of which are refused again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.ports import Clock
from bot.slack.faults import SlackFault

T = TypeVar("T")
PACE = 1.2
"""Seconds between two messages of a channel in a rush: more than one, as some are longer on their way than others."""
ROOM = 20
"""Messages of a channel in a rush that wait here; later ones come back when their turn is near."""
CALM = 30.0
"""Seconds without a message after which a rush is over."""
PATIENCE = 60.0
"""Seconds that Slack may ask for while the rest of the channel waits."""
LOOK = 0.05
"""Seconds between two looks at the clock."""


@dataclass(slots=True)
class _Lane:
    """`rush`: until when the pace is kept; `free`: when the next may go; `back`: when the last one sent away comes back."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    rush: float = 0.0
    free: float = 0.0
    back: float = 0.0


class Lanes:
    """One lane a channel, for as long as somebody is in it or a rush lasts."""

    def __init__(self, clock: Clock, pace: float = PACE) -> None:
        """`clock`: the bot's; `pace`: seconds between two calls of a lane in a rush."""
        self._clock = clock
        self._pace = pace
        self._lanes: dict[str, _Lane] = {}

    async def send(self, channel: str, call: Callable[[], Awaitable[T]]) -> T:
        """Make the call when it is its turn. Raises what it raises, and ChatError BUSY where its turn is far off."""
        lane = self._lane(channel)
        if lane.waiting >= ROOM and self._clock() < lane.rush:
            raise ChatError(ChatFault.BUSY, "others of this channel go first", self._return(lane))
        lane.waiting += 1
        try:
            async with lane.lock:
                await self._turn(lane)
                return await self._made(lane, call)
        finally:
            lane.waiting -= 1

    def _lane(self, channel: str) -> _Lane:
        """A new one takes the place of those that nobody needs any more."""
        if channel not in self._lanes:
            now = self._clock()
            self._lanes = {name: lane for name, lane in self._lanes.items() if lane.waiting or now < lane.rush}
            self._lanes[channel] = _Lane()
        return self._lanes[channel]

    def _return(self, lane: _Lane) -> float:
        """Seconds: one after the other, in order, and when half of those that wait here now have gone."""
        now = self._clock()
        lane.back = max(lane.back, now + ROOM / 2 * self._pace, lane.free) + self._pace
        return lane.back - now

    async def _turn(self, lane: _Lane) -> None:
        """By looking at the clock, which may be set meanwhile: never longer than was meant at first."""
        most = left = lane.free - self._clock()
        while 0 < left <= most:
            await asyncio.sleep(min(LOOK, left))
            left = lane.free - self._clock()

    async def _made(self, lane: _Lane, call: Callable[[], Awaitable[T]]) -> T:
        """Once more where the first was too early: those behind wait anyway."""
        try:
            return await self._sent(lane, call)
        except SlackFault as fault:
            if fault.retry_after is None or fault.retry_after > PATIENCE:
                raise
        await self._turn(lane)
        return await self._sent(lane, call)

    async def _sent(self, lane: _Lane, call: Callable[[], Awaitable[T]]) -> T:
        """The pace counts from when a message was sent: Slack counts arrivals, not answers."""
        began = self._clock()
        try:
            return await call()
        except SlackFault as fault:
            if fault.retry_after is not None:
                lane.free = max(lane.free, self._clock() + fault.retry_after)
                lane.rush = lane.free + CALM
            raise
        finally:
            if began < lane.rush:
                lane.free, lane.rush = max(lane.free, began + self._pace), max(lane.rush, began + CALM)

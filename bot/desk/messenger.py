"""The loop that carries notices to moderators' channels: posts, edits, and comes again where a chat did not take one."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import structlog

from bot.desk import carrier, notice_card
from bot.desk.carrier import Channel
from bot.errors import StoreUnavailable
from bot.jobs.chat_port import PASSING, ChatError
from bot.jobs.house import House
from bot.jobs.place import MessageRef
from bot.policy.desk_ports import Notice
from bot.policy.records import NoticeKind

log = structlog.get_logger()
HOUR = 3600.0
LONGEST = 24 * HOUR
TRIES = 20
"""So often a channel that is gone or closed is tried, over more than a week; then the notice is given up."""
TOGETHER = 10
"""Log entries beyond so many that wait for one channel are told of in one message,"""
FEWEST = 5
"""if they are so many: a sum of one or two says less than they do."""
AT_ONCE = 500


class Messenger:
    """One a process. `every`: seconds between two looks; `gap`: seconds between two log messages in a channel."""

    def __init__(self, house: House, *, every: float = 5.0, gap: float = 2.0) -> None:
        """Does nothing until it runs."""
        self._house, self._every, self._gap = house, every, gap
        self._free: dict[str, float] = {}

    async def run(self) -> None:
        """Until it is cancelled. No fault ends it."""
        while True:
            self._house.noticed.clear()
            wait = self._every
            try:
                wait = await self.round()
            except StoreUnavailable:
                log.warning("notices not read: the store is away")
            except Exception:
                log.exception("messenger failed")
            try:
                async with asyncio.timeout(wait):
                    await self._house.noticed.wait()
            except TimeoutError:
                pass

    async def round(self) -> float:
        """Everything that is due and may go now; returns the seconds until the next look."""
        groups: dict[tuple[str, NoticeKind], list[Notice]] = defaultdict(list)
        for notice in await self._house.policy.due_notices(self._house.clock(), AT_ONCE):
            groups[notice.community, notice.kind].append(notice)
        work = (self._group(*who, notices) for who, notices in groups.items())
        more = await asyncio.gather(
            *work, return_exceptions=True
        )  # no group may still be posting when the next round begins
        for outcome in more:
            if isinstance(outcome, BaseException):
                raise outcome
        return min(self._gap, self._every) if any(more) else self._every

    async def _group(self, community: str, kind: NoticeKind, notices: Sequence[Notice]) -> bool:
        """Of one channel, oldest first. True if some are left that may go soon."""
        channel = await carrier.channel_of(self._house, community, kind)
        if kind is NoticeKind.LOG:
            return await self._logs(channel, community, notices)
        for notice in notices:
            if not await self._carry(channel, notice):
                break
        return False

    async def _logs(self, channel: Channel | None, community: str, notices: Sequence[Notice]) -> bool:
        """One message at a time, so that a flood neither fills the channel nor uses up its rate limit."""
        for notice in notices:
            if carrier.mute(channel, notice):
                await self._house.policy.posted(notice, None, self._house.clock())
        notices = [notice for notice in notices if not carrier.mute(channel, notice)]
        if not notices or self._free.get(community, 0.0) > self._house.clock():
            return bool(notices)
        self._free[community] = self._house.clock() + self._gap
        fresh = [notice for notice in notices if notice.message is None]
        if channel is not None and len(fresh) >= TOGETHER + FEWEST:
            await self._sum(channel, fresh[:-TOGETHER])
            return True
        await self._carry(channel, notices[0])
        return len(notices) > 1

    async def _sum(self, channel: Channel, notices: Sequence[Notice]) -> None:
        """Many entries in one message. Its key is the oldest one's: after a crash it is not posted again beside itself."""
        house, first = self._house, notices[0]
        try:
            card = await notice_card.summed(house, notices)
            message = await channel.chat.post(channel.place, card, f"notices-{first.id}")
        except ChatError as error:
            await self._refused(first, error)
            return
        for notice in notices:
            await house.policy.posted(notice, MessageRef(message.channel_id, ""), house.clock())

    async def _carry(self, channel: Channel | None, notice: Notice) -> bool:
        """One notice. False if its channel takes nothing now."""
        house = self._house
        try:
            message = await carrier.deliver(house, channel, notice)
        except ChatError as error:
            return await self._refused(notice, error)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("notice not rendered or posted", notice=notice.id, community=notice.community)
            await self._later(notice, house.backoff(notice.attempts), lasting=notice.attempts >= TRIES)
            return True
        if message is None or message.whole:
            await house.policy.posted(notice, message, house.clock())
        else:
            await self._unfinished(notice, message)
        return True

    async def _unfinished(self, notice: Notice, message: MessageRef) -> None:
        """It stands, and moderators see it: what is missing comes by a later edit, never with a second message."""
        wait = self._house.backoff(notice.attempts)
        log.info("notice not whole", notice=notice.id, seconds=wait)
        await self._house.policy.put_off(notice, self._house.clock() + wait, message)

    async def _refused(self, notice: Notice, error: ChatError) -> bool:
        if error.fault in PASSING:
            wait = self._house.backoff(notice.attempts, error.retry_after)
            log.info("notice put off", notice=notice.id, fault=error.fault, error=error.text, seconds=wait)
            await self._later(notice, wait, lasting=False)
            self._free[notice.community] = self._house.clock() + wait
            return False
        wait = min(LONGEST, HOUR * (notice.attempts + 1))
        await self._later(notice, wait, lasting=notice.attempts + 1 >= TRIES, why=error.text)
        return True

    async def _later(self, notice: Notice, wait: float, *, lasting: bool, why: str = "") -> None:
        """Again then, or never: an open review still stands on `/imagine-admin review`."""
        if lasting:
            log.warning("notice given up", notice=notice.id, community=notice.community, kind=notice.kind, why=why)
            await self._house.policy.posted(notice, None, self._house.clock())
        else:
            await self._house.policy.put_off(notice, self._house.clock() + wait)

"""Messages whose answer has not come in time. Slack has no nonce: posted again, such a message would stand twice.

So the call is not cut at our timeout but goes on beside. Whoever posts the same once more gets the one that has arrived
meanwhile; where it has not, another one is posted, and the late one is deleted when it comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.cut import cut
from bot.slack.faults import SlackFault, guarded

log = structlog.get_logger(__name__)
Call = asyncio.Future[AsyncSlackResponse]
Delete = Callable[[str, str], Awaitable[None]]
LONGEST = 300.0
"""Seconds for an answer, however late."""
KEPT = 600.0
"""Seconds after which a late message that nobody posts again is deleted: its job has gone on without it."""


@dataclass(slots=True)
class _Post:
    """`wanted` False: another one was posted; `adopted`: it is somebody's now."""

    call: Call
    wanted: bool = True
    adopted: bool = False


class Late:
    """At most one call for each key; what has none is cut at the timeout as every other call is."""

    def __init__(self, delete: Delete, kept: float = KEPT) -> None:
        """`delete` takes a message away (channel, ts); `kept`: seconds."""
        self._delete = delete
        self._kept = kept
        self._posts: dict[str, _Post] = {}
        self._beside: set[asyncio.Task[None]] = set()

    @contextmanager
    def going(self, key: str, call: Call) -> Iterator[None]:
        """The answer is waited for inside; who waits no longer leaves the call to us."""
        try:
            yield
        finally:
            if not call.done() and key:
                self._take(key, _Post(call))
            elif not call.done():
                call.cancel()

    def arrived(self, key: str) -> tuple[str, str] | None:
        """Channel and ts of the message that came late. One that is still on its way will not be wanted any more."""
        post = self._posts.get(key)
        if post is None:
            return None
        if post.call.done() and not post.call.cancelled() and post.call.exception() is None:
            return place_of(post.call.result())
        post.wanted = False
        del self._posts[key]
        return None

    def adopted(self, key: str) -> None:
        """Whoever asked for it has it."""
        self._posts.pop(key).adopted = True

    async def stop(self) -> None:
        """What is still on its way comes without us."""
        await cut(self._beside)

    def _take(self, key: str, post: _Post) -> None:
        log.warning("slack_post_late", key=key)
        self._posts[key] = post
        task = asyncio.create_task(self._follow(key, post), name="slack late post")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _follow(self, key: str, post: _Post) -> None:
        try:
            found = place_of(await guarded(post.call, LONGEST))
            if post.wanted:
                await asyncio.sleep(self._kept)
            if post.adopted:
                return
            self._forget(key, post)
            log.info("slack_late_post_deleted", key=key)
            await self._delete(*found)
        except SlackFault as fault:
            self._forget(key, post)
            log.info("slack_late_post_lost", key=key, fault=fault.code)

    def _forget(self, key: str, post: _Post) -> None:
        if self._posts.get(key) is post:
            del self._posts[key]


def place_of(found: AsyncSlackResponse) -> tuple[str, str]:
    """As the answer names them."""
    return str(found["channel"]), str(found["ts"])

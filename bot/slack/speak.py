"""Saying something to one person, by the first way that Slack lets us take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.jobs.place import Place, Reply
from bot.jobs.ports import Clock
from bot.slack.api import Json, SlackApi, Written
from bot.slack.convert import is_dm
from bot.slack.faults import TOO_LONG, SlackFault

log = structlog.get_logger(__name__)


class Speaker:
    """Ephemeral message, response_url, direct message: in that order. In a direct conversation the first is left out."""

    def __init__(self, api: SlackApi, clock: Clock) -> None:
        """`clock`: to know a dead response_url."""
        self._api = api
        self._clock = clock

    async def whisper(self, place: Place, user_id: str, reply: Reply | None, shown: Written) -> bool:
        """Only `user_id` sees it. False: there is no way left. Raises ChatError where trying again may help.

        A busy way is passed by, as Slack's limits are each method's own; it counts where no other one is open.
        """
        ways: dict[str, Callable[[], Awaitable[bool]]] = {
            "ephemeral": partial(self._ephemeral, place, user_id, shown),
            "response_url": partial(self._respond, place, reply, shown),
            "direct": partial(self._direct, user_id, shown),
        }
        busy: SlackFault | None = None
        for name, way in ways.items():
            try:
                if await way():
                    return True
            except SlackFault as fault:
                if fault.unprocessed_file or fault.code in TOO_LONG:
                    raise
                busy = busy or (fault if fault.retry_after is not None else None)
                log.info("slack_whisper_refused", way=name, channel=place.channel_id, fault=fault.code)
        if busy is not None:
            raise busy
        return False

    async def direct(self, user_id: str, shown: Written, key: str = "") -> tuple[str, str]:
        """A message in the direct conversation: channel and ts. `key` as in `SlackApi.post`. Raises ChatError."""
        return await self._api.post(await self._api.open_dm(user_id), "", shown, key)

    async def replace(self, reply: Reply | None, shown: Written) -> bool:
        """Put this in the place of the private message that `reply` came from; False if that is over."""
        return await self._answer(reply, shown, {"replace_original": True})

    async def _ephemeral(self, place: Place, user_id: str, shown: Written) -> bool:
        if is_dm(place.channel_id):
            return False
        await self._api.ephemeral(place.channel_id, place.thread_id, user_id, shown)
        return True

    async def _respond(self, place: Place, reply: Reply | None, shown: Written) -> bool:
        thread: Json = {"thread_ts": place.thread_id} if place.thread_id else {}
        return await self._answer(reply, shown, {"response_type": "ephemeral", "replace_original": False, **thread})

    async def _direct(self, user_id: str, shown: Written) -> bool:
        await self.direct(user_id, shown)
        return True

    async def _answer(self, reply: Reply | None, shown: Written, how: Json) -> bool:
        url = reply.data.get("response_url") if reply and reply.expires_at > self._clock() else None
        if not url:
            return False
        await self._api.lines.respond(url, {"text": shown.text, "blocks": list(shown.blocks), **how})
        return True

"""A picture into Slack without a channel: upload, complete, wait until it is processed. Then an image block may hold it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

import structlog

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.ports import Clock, Pictures
from bot.jobs.surface import Shown
from bot.slack.api import Json, SlackApi
from bot.slack.config import Waits
from bot.slack.escape import clean, cut, flat
from bot.slack.faults import SECONDS, SlackFault

T = TypeVar("T")
log = structlog.get_logger(__name__)
KINDS = {"image/png": "png", "image/jpeg": "jpg"}
"""What image blocks show; Slack shows no WebP there."""
ALT, NAME = 1000, 200
MOST = 500
TOGETHER = 4
SCAN = 60.0
"""Most seconds in which a file's scan is asked for, pauses of Slack's included."""


class Uploads:
    """Picture keys to Slack file ids. What was uploaded once is not uploaded again, unless blocks go on refusing it."""

    def __init__(self, api: SlackApi, pictures: Pictures, waits: Waits, clock: Clock) -> None:
        """`pictures`: the store that the bytes come from; `clock`: how long a file has been refused."""
        self._api = api
        self._pictures = pictures
        self._waits = waits
        self._clock = clock
        self._refused: OrderedDict[str, float] = OrderedDict()
        self._known: OrderedDict[str, str] = OrderedDict()
        self._together = asyncio.Semaphore(TOGETHER)

    async def ids(self, shown: Sequence[Shown], known: Mapping[str, str]) -> dict[str, str]:
        """File ids by picture key; `known` are those of the message's own reference. Raises ChatError."""
        found: dict[str, str] = {}
        for item in shown:
            key = item.picture.key
            ids = (known.get(key), self._known.get(key))
            found[key] = next((one for one in ids if one and not self._over(one)), "") or await self._upload(item)
        return found

    @contextmanager
    def shown(self, files: Mapping[str, str]) -> Iterator[None]:
        """A message with these files is sent inside; remembered is since when Slack has refused them."""
        try:
            yield
        except SlackFault as fault:
            for file_id in files.values() if fault.unprocessed_file else ():
                self._refused.setdefault(file_id, self._clock())
                if self._over(file_id):
                    log.warning("slack_file_given_up", file=file_id)
            while len(self._refused) > MOST:
                self._refused.popitem(last=False)
            raise

    def accepted(self, shown: Sequence[Shown], files: Mapping[str, str]) -> None:
        """Blocks hold these now: they are good files."""
        for item in shown:
            self._refused.pop(files.get(item.picture.key, ""), None)

    def race(self, files: Mapping[str, str]) -> Sequence[float]:
        """Seconds between tries of a message with these files; one that was refused for so long before gets one try."""
        return () if any(file_id in self._refused for file_id in files.values()) else self._waits.race

    def forget(self, keys: Sequence[str]) -> None:
        """Their files are deleted, or Slack does not know them any more."""
        for key in keys:
            self._known.pop(key, None)

    def _over(self, file_id: str) -> bool:
        since = self._refused.get(file_id)
        return since is not None and self._clock() - since >= self._waits.renew

    async def _upload(self, shown: Shown) -> str:
        kind = KINDS.get(shown.picture.mime)
        if kind is None:
            raise ChatError(ChatFault.TOO_LARGE, f"Slack shows no {shown.picture.mime}")
        try:
            data = await self._pictures.get(shown.picture.key)
        except KeyError as error:
            raise ChatError(ChatFault.BROKEN, f"the picture {shown.picture.key} is not in the store") from error
        async with self._together:
            file_id = await self._send(shown, data, kind)
        self._known[shown.picture.key] = file_id
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        await self._processed(file_id)  # Slack's scan may take half a minute: others' bytes go up meanwhile
        return file_id

    async def _send(self, shown: Shown, data: bytes, kind: str) -> str:
        name = cut(clean(shown.name), NAME) or f"picture.{kind}"
        url, file_id = await self._api.upload_url(name, len(data), cut(flat(shown.alt), ALT))
        await self._api.lines.upload(url, data)
        await self._api.complete_upload(file_id, name, kind)
        return file_id

    async def _processed(self, file_id: str) -> None:
        """Until files.info names a type. Not processed in time is no error: the image block's own race is retried too."""
        try:
            async with asyncio.timeout(SCAN):
                for wait in self._waits.processed:
                    await asyncio.sleep(wait)
                    if (await self._looked_at(file_id)).get("mimetype"):
                        return
        except TimeoutError:
            log.info("slack_file_not_asked_for", file=file_id)
        log.warning("slack_file_unprocessed", file=file_id)

    async def _looked_at(self, file_id: str) -> Json:
        """What Slack knows of the file; while it is busy that is no look, and the next one comes when it says so."""
        while True:
            try:
                return await self._api.file(file_id)
            except ChatError as error:
                if error.fault is not ChatFault.BUSY:
                    log.info("slack_file_not_read", file=file_id, fault=error.text)
                    return {}
                wait = SECONDS if error.retry_after is None else error.retry_after
            await asyncio.sleep(wait)


async def past_race(send: Callable[[], Awaitable[T]], waits: Sequence[float]) -> T:
    """Send; while Slack says that the file is not ready for a block, wait and send again."""
    for wait in waits:
        try:
            return await send()
        except SlackFault as fault:
            if not fault.unprocessed_file:
                raise
            log.info("slack_file_race", wait=wait)
        await asyncio.sleep(wait)
    return await send()

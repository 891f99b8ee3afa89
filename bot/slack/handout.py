"""Files that stand beside a Card: uploaded into a conversation, so that those in it (and nobody else) can open them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.ports import Pictures
from bot.jobs.surface import Download
from bot.slack.api import SlackApi
from bot.slack.escape import clean, cut
from bot.slack.faults import OUTSIDE, SlackFault
from bot.slack.upload import KINDS, NAME


class Handout:
    """Each file is a message of its own there; a repeat makes a second one."""

    def __init__(self, api: SlackApi, pictures: Pictures) -> None:
        """`pictures`: the store that the bytes come from."""
        self._api = api
        self._pictures = pictures

    async def to_person(self, files: Sequence[Download], user_id: str) -> None:
        """Into the direct conversation. Raises ChatError."""
        channel = await self._api.open_dm(user_id)
        for file in files:
            await self._share(file, channel, "")

    async def to_channel(self, files: Sequence[Download], channel: str, thread: str) -> None:
        """Into a channel's thread. chat:write.public holds for messages only: for files the bot joins. Raises ChatError."""
        for file in files:
            try:
                await self._share(file, channel, thread)
            except SlackFault as fault:
                if fault.code not in OUTSIDE:
                    raise
                await self._api.join(channel)
                await self._share(file, channel, thread)

    async def _share(self, file: Download, channel: str, thread: str) -> None:
        try:
            data = await self._pictures.get(file.key)
        except KeyError as error:
            raise ChatError(ChatFault.BROKEN, f"the file {file.key} is not in the store") from error
        name = cut(clean(file.name), NAME) or "file"
        url, file_id = await self._api.upload_url(name, len(data), "")
        await self._api.lines.upload(url, data)
        await self._api.complete_upload(file_id, name, KINDS.get(file.mime, ""), channel, thread)

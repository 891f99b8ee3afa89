"""Files that people attach: Slack keeps them behind the bot's token, which goes to Slack's own hosts only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.jobs.asks import Attachment
from bot.jobs.chat_port import ChatError
from bot.jobs.ports import Fetcher
from bot.slack.api import SlackApi
from bot.slack.config import SlackConfig
from bot.slack.convert import Source
from bot.slack.faults import SlackFault
from bot.slack.offices import Offices
from bot.texts import slack as texts
from providers.errors import BadUrl

Json = dict[str, Any]
MOST = 25 * 1024 * 1024
"""Bytes of an input picture that are read at all."""
HOMES = (".slack.com", ".slack-gov.com")


class Files:
    """Makes Attachments; nothing is fetched before the core asks."""

    def __init__(self, offices: Offices, fetcher: Fetcher, config: SlackConfig) -> None:
        """`fetcher`: the guarded one."""
        self._offices = offices
        self._fetcher = fetcher
        self._config = config

    def attachment(self, file: Json, team: str) -> Attachment:
        """`file`: an object of Slack's, or just its id; `team`: the workspace where it was named."""

        async def read() -> bytes:
            return await self._read(file, team)

        return Attachment(str(file.get("name") or file.get("id") or ""), int(file.get("size") or 0), read)

    async def _read(self, file: Json, team: str) -> bytes:
        api, url = await self._api(team), _address(file)
        if not url or file.get("file_access") == "check_file_info":
            url = _address(await self._look_up(api, str(file.get("id") or "")))
        if not url:
            raise BadUrl(texts.NO_FILE)
        if not self._ours(url):
            raise BadUrl(texts.FOREIGN_FILE)
        headers = {"Authorization": f"Bearer {api.token}"}
        return await self._fetcher.fetch(url, limit=MOST, headers=headers, trusted=self._config.host)

    async def _api(self, team: str) -> SlackApi:
        try:
            return (await self._offices.of(Source(team))).api
        except SlackFault as fault:
            raise BadUrl(texts.NO_FILE) from fault

    async def _look_up(self, api: SlackApi, file_id: str) -> Json:
        try:
            return await api.file(file_id)
        except ChatError as fault:
            raise BadUrl(texts.NO_FILE) from fault

    def _ours(self, url: str) -> bool:
        parts = urlsplit(url)
        home = parts.scheme == "https" and (parts.hostname or "").endswith(HOMES)
        return home or parts.netloc == self._config.host


def is_picture(file: Json) -> bool:
    """Whether Slack takes it for a picture."""
    return str(file.get("mimetype") or "").startswith("image/")


def pictures(message: Json) -> list[Json]:
    """The picture files of a message: attached ones first, then those that its image blocks show."""
    attached = [file for file in message.get("files") or [] if is_picture(file)]
    blocks = [block.get("slack_file") or {} for block in message.get("blocks") or [] if block.get("type") == "image"]
    return attached + [{"id": block["id"], "name": block["id"]} for block in blocks if block.get("id")]


def chosen(files: Sequence[Json]) -> Json | None:
    """The file to start from: the first picture, else the first file, so that the core can say what is wrong with it."""
    return next((file for file in files if is_picture(file)), next(iter(files), None))


def _address(file: Json) -> str:
    return str(file.get("url_private_download") or file.get("url_private") or "")

"""The bot in one workspace: everything that goes by that workspace's token, and how it is put together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.jobs.ports import Clock, Pictures
from bot.slack.answers import Answers
from bot.slack.api import Identity, Lines, Refused, SlackApi, token_refused
from bot.slack.chat import SlackChat
from bot.slack.config import SlackConfig
from bot.slack.groups import Groups
from bot.slack.handout import Handout
from bot.slack.limits import Budget
from bot.slack.people import People
from bot.slack.private import PrivateCards
from bot.slack.speak import Speaker
from bot.slack.upload import Uploads


@dataclass(frozen=True, slots=True)
class Office:
    """Its parts share one Web API client; what one workspace showed, uploaded or was told is never known to another."""

    identity: Identity
    api: SlackApi
    chat: SlackChat
    answers: Answers
    people: People
    groups: Groups

    async def stop(self) -> None:
        """End calls that nobody waits for."""
        await asyncio.gather(self.people.stop(), self.groups.stop(), self.api.late.stop())


@dataclass(slots=True)
class Maker:
    """Builds offices. `client`: one Web API client for all of them (tests); `session` is set at the start."""

    config: SlackConfig
    lines: Lines
    pictures: Pictures
    clock: Clock
    budget: Budget
    client: AsyncWebClient | None = None
    session: aiohttp.ClientSession | None = None

    def api(self, token: str = "", refused: Refused = token_refused) -> SlackApi:
        """The Web API with this token, or with none. `refused`: told when Slack takes the token no more."""
        client = self.client or self._client(token)
        client.session = self.session
        return SlackApi(client, self.lines, self.config.timeout, refused, self.clock)

    def _client(self, token: str) -> AsyncWebClient:
        """The SDK would repeat whatever lost its connection, messages too."""
        return AsyncWebClient(token or None, self.config.api_url, timeout=round(self.config.timeout), retry_handlers=[])

    def office(self, api: SlackApi, identity: Identity) -> Office:
        """The bot as `identity`, speaking through `api`."""
        waits = self.config.waits
        speaker, uploads = Speaker(api, self.clock), Uploads(api, self.pictures, waits, self.clock)
        handout, groups = Handout(api, self.pictures), Groups(api, self.clock)
        private = PrivateCards(speaker, uploads, handout, waits)
        chat = SlackChat(api, speaker, uploads, handout, private, self.budget, self.config, groups, identity.url)
        return Office(identity, api, chat, Answers(api, private, chat, groups), People(api, self.clock), groups)

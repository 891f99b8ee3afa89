"""The Discord front end as wiring sees it: construct, start, stop."""

from __future__ import annotations

import asyncio

import discord
import structlog

from bot.cut import cut
from bot.discord.amends import amend
from bot.discord.chat import DiscordChat
from bot.discord.client import ImagineClient, point
from bot.discord.config import DiscordConfig
from bot.discord.convert import Reader
from bot.discord.intake import Intake
from bot.discord.notices import Notices
from bot.discord.promises import Promises
from bot.discord.routes import ChannelRoute
from bot.discord.sessions import Row, begins_in
from bot.discord.starting import AT_LOGIN, final, gateway_error, login_error
from bot.discord.trace import tracing
from bot.discord.welcome import Welcome
from bot.errors import ChatAway, StartError
from bot.jobs.core import Core
from bot.jobs.meter import Meter
from bot.jobs.ports import Clock, Fetcher, Pictures
from bot.texts import discord as texts

log = structlog.get_logger()

READY_SECONDS = 60.0
SHARD_SECONDS = 6.0
"""Discord lets one shard identify every five seconds."""
CLOSE_SECONDS = 10.0
AGAIN_SECONDS, AGAIN_MOST_SECONDS = 1.0, 60.0
"""Before the gateway is started again, first and at most."""
ANSWER_SECONDS = 10.0
"""How long a stop waits for answers that are being given."""


class DiscordFront:
    """One bot account. `chat` edits through REST as soon as `start` has logged in."""

    def __init__(
        self, config: DiscordConfig, pictures: Pictures, fetcher: Fetcher, clock: Clock, meter: Meter | None = None
    ) -> None:
        """Raises StartError for settings that discord.py cannot work with. `meter`: who counts, if anybody."""
        if config.shard_ids and config.shard_count is None:
            raise StartError(texts.SHARDS_UNCOUNTED)
        self._config = config
        self._pictures = pictures
        self._reader = Reader(fetcher, clock, config.trusted_host)
        self._connection: asyncio.Task[None] | None = None
        self._began = self._started = False
        self._promises = Promises(config.promises, clock)
        self._amends: asyncio.Task[None] | None = None
        self.client = ImagineClient(config, tracing(clock, meter))
        self.chat = DiscordChat(self.client, pictures, clock)

    @property
    def ready(self) -> bool:
        """Whether commands arrive: connected, and not stopped or cut off for good."""
        running = self._connection is not None and not self._connection.done()
        return running and self.client.is_ready() and not self.client.is_closed()

    def bind(self, core: Core) -> None:
        """Say who answers; part of `start`, alone where something else logs the client in (a simulator)."""
        self.client.intake = Intake(core, self._reader, self._pictures, self._promises)
        self.client.welcome = Welcome(self.client, core, Notices(ChannelRoute(self.client), self._pictures))

    async def start(self, core: Core) -> None:
        """Log in, register commands, connect; returns when every shard is ready.

        Raises StartError, or ChatAway where it may be tried again, with one sentence.
        """
        self.bind(core)
        point(self._config)
        try:
            await self._login()
            _may_begin(await begins_in(self.client))
            left = self._promises.begin()
            self._amends = asyncio.create_task(amend(self.client, core, self._pictures, left), name="discord amends")
            self._connection = asyncio.create_task(self._stay(), name="discord")
            await self._until_ready(self._connection)
            self._started = True
        except BaseException:
            await self.stop()
            raise
        self._connection.add_done_callback(_report_end)
        log.info("discord ready", application=self.client.application_id, shards=self.client.shard_count)

    async def speak(self) -> None:
        """Log in for `chat` alone: no gateway, no commands. Raises as `start`."""
        point(self._config)
        self.client.speaks_only = True
        await self._login()
        log.info("discord speaks", application=self.client.application_id)

    async def stop_intake(self) -> None:
        """Take no new requests; returns when those that came are answered. `chat` still edits."""
        if self.client.intake is not None:
            self.client.intake.close()
            await self.client.intake.answered(ANSWER_SECONDS)

    async def stop(self) -> None:
        """Close the gateway and the HTTP session. A client that was never logged in cannot be closed (discord.py 2.7.1)."""
        await self.stop_intake()
        if self._amends is not None:
            await cut({self._amends})
        self._promises.end()
        if not self._began:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.client.close()
        except TimeoutError:
            log.warning("discord did not close in time")
        if self._connection is not None:
            await cut({self._connection})

    async def _stay(self) -> None:
        """The gateway, until the bot stops or Discord wants us no more.

        discord.py (2.7) closes itself, its HTTP session too, where a connection that it tries after a refused one is taken
        and dropped before HELLO (Shard.reconnect): then it starts again here, so that an outage ends by itself. So it does
        for an event that it cannot read, which may come again in every session. Edits go on while the next one waits.
        """
        row, now = Row(), asyncio.get_running_loop().time
        while True:
            began = now()
            try:
                return await self.client.connect()
            except Exception as error:  # whatever made discord.py give up: only Discord's own word is final
                if not self._started or final(error):
                    raise
                wait = row.ended(now() - began)
                log.warning("discord gateway lost, starting it again", why=str(error) or type(error).__name__, wait=wait)
            await self._login_again()
            await asyncio.sleep(max(wait, await begins_in(self.client)))

    async def _login_again(self) -> None:
        """Raises LoginFailure for a token that is over; waits for a Discord that is away, as long as it asks for."""
        seconds = pause = AGAIN_SECONDS
        while True:
            await asyncio.sleep(pause)
            await self.client.reopen()
            try:
                return await self.client.login(self._config.token)
            except discord.LoginFailure:
                raise
            except AT_LOGIN as error:
                away, seconds = login_error(error, self._config.api_url), min(2 * seconds, AGAIN_MOST_SECONDS)
                pause = max(seconds, away.wait) if isinstance(away, ChatAway) else seconds
                log.warning("discord is away", why=str(away), seconds=pause)
            await self.client.close()

    async def _login(self) -> None:
        if self.client.is_closed():
            await self.client.reopen()
        self._began = True
        try:
            await self.client.login(self._config.token)
        except AT_LOGIN as error:
            raise login_error(error, self._config.api_url) from error

    async def _until_ready(self, connection: asyncio.Task[None]) -> None:
        seconds = READY_SECONDS + SHARD_SECONDS * (self.client.shard_count or 1)
        ready = asyncio.create_task(self.client.wait_until_ready())
        try:
            await asyncio.wait({ready, connection}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if connection.done():
                raise gateway_error(connection.exception())
            if not ready.done():
                raise ChatAway(texts.not_ready(seconds))
        finally:
            ready.cancel()


def _may_begin(seconds: float) -> None:
    if seconds:
        raise ChatAway(texts.no_session_left(seconds), seconds)


def _report_end(connection: asyncio.Task[None]) -> None:
    """The gateway ended for good while the bot runs: readiness says so, and the log says why."""
    error = None if connection.cancelled() else connection.exception()
    if error is not None:
        log.critical("discord gateway closed for good", why=str(gateway_error(error)))

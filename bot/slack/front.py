"""The Slack front end as wiring sees it."""

from __future__ import annotations

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.errors import StartError
from bot.jobs.core import Core
from bot.jobs.meter import Meter
from bot.jobs.ports import ChatFault, Clock, Fetcher, Pictures
from bot.slack.answers import Answers
from bot.slack.api import Identity, SlackApi
from bot.slack.app import build_app
from bot.slack.chat import SlackChat
from bot.slack.config import SlackConfig
from bot.slack.faults import TOKEN, SlackFault
from bot.slack.files import Files
from bot.slack.groups import Groups
from bot.slack.handout import Handout
from bot.slack.http import http_app
from bot.slack.intake import Intake, Running
from bot.slack.limits import Budget
from bot.slack.lines import HttpLines
from bot.slack.people import People
from bot.slack.private import PrivateCards
from bot.slack.socket import Socket
from bot.slack.speak import Speaker
from bot.slack.trace import timed, tracing
from bot.slack.upload import Uploads
from bot.slack.watchdog import Watchdog
from bot.texts import slack as texts

log = structlog.get_logger(__name__)
DRAIN_SECONDS = 10.0


class SlackFront:
    """`chat` exists at once; calls go through after `start`. `http` is an ASGI app for `/slack`, None without a secret."""

    def __init__(
        self,
        config: SlackConfig,
        pictures: Pictures,
        fetcher: Fetcher,
        clock: Clock,
        client: AsyncWebClient | None = None,
        meter: Meter | None = None,
    ) -> None:
        """Opens nothing. `client`: another Web API client (tests); `meter`: who counts, if anybody."""
        self._traces = [tracing(meter)] if meter else []
        self._config = config
        self._lines = HttpLines(config.timeout)
        self._client = client or AsyncWebClient(config.bot_token, config.api_url, timeout=round(config.timeout))
        self._api = SlackApi(self._client, self._lines, config.timeout)
        speaker, uploads = Speaker(self._api, clock), Uploads(self._api, pictures, config.waits, clock)
        handout = Handout(self._api, pictures)
        private = PrivateCards(speaker, uploads, handout, config.waits)
        self._groups = Groups(self._api, clock)
        self.chat = SlackChat(self._api, speaker, uploads, handout, private, Budget(clock), config, self._groups)
        answers, files = Answers(self._api, private, self.chat, self._groups), Files(self._api, fetcher, config)
        self.intake = Intake(self._api, answers, People(self._api, clock), self._groups, files, clock)
        self.app = build_app(config, self.intake)
        if meter is not None:
            timed(self.app, meter)
        self.http: Starlette | None = http_app(self.app, lambda: self._open) if config.signing_secret else None
        self._socket = Socket(self.app, self._api, config.app_token, clock) if config.app_token else None
        self._watchdog = Watchdog(self._socket) if self._socket else None
        self._open = False

    @property
    def ready(self) -> bool:
        """Whether people reach us now."""
        return self._open and (self._socket is None or self._socket.connected)

    async def start(self, core: Core) -> None:
        """auth.test, then the socket. Raises StartError with one sentence."""
        self._lines.session = self._client.session = aiohttp.ClientSession(trace_configs=self._traces)
        try:
            identity = await self._identify()
            self.chat.site = identity.url or self.chat.site
            self.intake.running = Running(core, identity)
            self._open = True
            await self._connect()
        except BaseException:
            await self.stop()
            raise
        log.info("slack_started", team=identity.team_id, bot=identity.name, socket=self._socket is not None)

    async def stop_intake(self) -> None:
        """Nothing new comes in; what runs goes on, and `chat` works."""
        self._open = False
        if self._watchdog is not None:
            await self._watchdog.stop()
        if self._socket is not None:
            await self._socket.close()

    async def stop(self) -> None:
        """Wait for answers that are under way, then close every connection."""
        await self.stop_intake()
        await self.intake.tasks.drain(DRAIN_SECONDS)
        await self._groups.stop()
        if self._lines.session is not None:
            await self._lines.session.close()

    async def _identify(self) -> Identity:
        try:
            return await self._api.identity()
        except SlackFault as fault:
            if fault.fault is ChatFault.FORBIDDEN or fault.code in TOKEN:
                raise StartError(texts.bad_bot_token(fault.code)) from fault
            raise StartError(texts.unreachable(self._config.api_url, fault.text)) from fault

    async def _connect(self) -> None:
        if self._socket is None or self._watchdog is None:
            return
        try:
            await self._socket.open()
        except SlackFault as fault:
            if fault.fault is ChatFault.FORBIDDEN or fault.code in TOKEN:
                raise StartError(texts.bad_app_token(fault.code)) from fault
            raise StartError(texts.no_socket(self._config.api_url)) from fault
        self._watchdog.start()

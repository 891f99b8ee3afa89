"""The Slack front end as wiring sees it."""

from __future__ import annotations

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from bot.errors import ChatAway, StartError
from bot.jobs.chat_port import ChatFault
from bot.jobs.core import Core
from bot.jobs.meter import Meter
from bot.jobs.ports import Clock, Fetcher, Pictures
from bot.slack.app import build_app
from bot.slack.branches import Branches
from bot.slack.chats import Chats
from bot.slack.config import OAuth, SlackConfig
from bot.slack.faults import TOKEN, SlackFault
from bot.slack.files import Files
from bot.slack.http import events_route
from bot.slack.install_http import InstallDoor
from bot.slack.install_state import States
from bot.slack.installer import Installer
from bot.slack.intake import Intake
from bot.slack.leaving import Leaving
from bot.slack.limits import Budget
from bot.slack.lines import HttpLines
from bot.slack.office import Maker
from bot.slack.offices import Offices, OneOffice
from bot.slack.ports import Installations
from bot.slack.socket import Socket
from bot.slack.trace import timed, tracing
from bot.slack.watchdog import Watchdog
from bot.texts import slack as texts

log = structlog.get_logger(__name__)
DRAIN_SECONDS = 10.0


class SlackFront:
    """`chat` exists at once; calls go through after `start`. `http`: an ASGI app for `/slack`, None where none is needed."""

    def __init__(
        self,
        config: SlackConfig,
        pictures: Pictures,
        fetcher: Fetcher,
        clock: Clock,
        client: AsyncWebClient | None = None,
        installations: Installations | None = None,
        meter: Meter | None = None,
    ) -> None:
        """Opens nothing. `client`: another Web API client (tests); `installations`: where `config.oauth` needs them.

        `meter`: who counts, if anybody.
        """
        self._traces = [tracing(meter)] if meter else []
        self._config = config
        self._lines = HttpLines(config.timeout)
        self.make = Maker(config, self._lines, pictures, clock, Budget(clock), client)
        self._one = OneOffice(self.make) if config.bot_token else None
        self.offices, doors = self._opened(installations)
        self.chat = Chats(self.offices)
        self.intake = Intake(self.offices, Files(self.offices, fetcher, config), clock)
        self.app = build_app(config, self.intake)
        if isinstance(self.offices, Branches) and installations is not None:
            Leaving(installations, self.offices, self.intake.tasks).register(self.app)
        if meter is not None:
            timed(self.app, meter)
        if config.signing_secret:
            doors.append(events_route(self.app, config.signing_secret, lambda: self._open))
        self.http: Starlette | None = Starlette(routes=doors) if doors else None
        self._socket = Socket(self.app, self.make, config.app_token, clock) if config.app_token else None
        self._watchdog = Watchdog(self._socket) if self._socket else None
        self._open = False

    def _opened(self, installations: Installations | None) -> tuple[Offices, list[Route]]:
        """The offices, and the routes by which more of them come."""
        if self._one is not None:
            return self._one, []
        if self._config.oauth is None or installations is None:
            raise StartError(texts.NO_STORE)
        return self._many(self._config.oauth, installations)

    def _many(self, oauth: OAuth, installations: Installations) -> tuple[Offices, list[Route]]:
        branches = Branches(self.make, installations, oauth.install_url)
        states = States(oauth.state_key, installations, self.make.clock)
        installer = Installer(self.make, oauth, installations, branches)
        return branches, InstallDoor(oauth, states, installer, lambda: self._open, self._config.command).routes

    @property
    def ready(self) -> bool:
        """Whether people reach us now."""
        return self._open and (self._socket is None or self._socket.connected)

    async def start(self, core: Core) -> None:
        """Who the bot is where there is one workspace alone, then the socket.

        Raises StartError, or ChatAway where it may be tried again, with one sentence.
        """
        team = await self._sign_in()
        try:
            self.intake.core = core
            self._open = True
            await self._connect()
        except BaseException:
            await self.stop()
            raise
        log.info("slack_started", team=team, many=self._one is None, socket=self._socket is not None)

    async def speak(self) -> None:
        """Who the bot is, for `chat` alone: no events come in. Raises as `start`."""
        log.info("slack_speaks", team=await self._sign_in(), many=self._one is None)

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
        await self.offices.close()
        if self._lines.session is not None:
            await self._lines.session.close()

    async def _sign_in(self) -> str:
        """The workspace's id where there is one alone."""
        self._lines.session = self.make.session = aiohttp.ClientSession(trace_configs=self._traces)
        try:
            return await self._identify()
        except BaseException:
            await self.stop()
            raise

    async def _identify(self) -> str:
        if self._one is None:
            return ""
        try:
            return (await self._one.open()).identity.team_id
        except SlackFault as fault:
            if fault.fault is ChatFault.FORBIDDEN or fault.code in TOKEN:
                raise StartError(texts.bad_bot_token(fault.code)) from fault
            raise _start_error(fault, texts.unreachable(self._config.api_url, fault.text)) from fault

    async def _connect(self) -> None:
        if self._socket is None or self._watchdog is None:
            return
        try:
            await self._socket.open()
        except SlackFault as fault:
            if fault.fault is ChatFault.FORBIDDEN or fault.code in TOKEN:
                raise StartError(texts.bad_app_token(fault.code)) from fault
            raise _start_error(fault, texts.no_socket(self._config.api_url)) from fault
        self._watchdog.start()


def _start_error(fault: SlackFault, sentence: str) -> StartError:
    """Another try may help where Slack is away: an answer that makes no sense is somebody else's."""
    return ChatAway(sentence) if fault.away else StartError(sentence)

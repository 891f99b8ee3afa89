"""The loopback Slack as a whole: start it, act, look, stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self, TypeVar

from aiohttp import web

from tests.fakes.slack.consent import Consents
from tests.fakes.slack.courier import Courier
from tests.fakes.slack.http_mode import Post, Sender
from tests.fakes.slack.model import Clock, Organisation
from tests.fakes.slack.play import Play
from tests.fakes.slack.server import Server
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.towns import Towns

T = TypeVar("T")


class FakeSlack(Play):
    """`async with FakeSlack() as fake:` serves one workspace on 127.0.0.1, over Socket Mode unless `http` is called.

    `clock` moves every lifetime and limit. `validate=False` leaves out the Block Kit schema (for benches).
    """

    def __init__(self, clock: Clock = time.time, *, validate: bool = True) -> None:
        super().__init__(clock, validate=validate)
        self.socket = Sockets(self)
        self.courier = Courier(self, self.socket)
        self.socket.spawn = self.courier.spawn
        self._senders: list[Sender] = []
        self.towns, self.consents = Towns(self), Consents(self)
        server = Server(self, self.towns, self.consents, self.socket)
        self._runner = web.AppRunner(server.app, access_log=None, shutdown_timeout=0.2)

    @property
    def api_url(self) -> str:
        """The `base_url` for AsyncWebClient."""
        return f"{self.url}/api/"

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close sockets, tasks and the port; calls that hang are cut."""
        for world in self.towns.all:
            world.limits.quit.set()
        await self.courier.close()
        await self.socket.drop()
        for sender in self._senders:
            await sender.close()
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def http(self, url: str, post: Post | None = None) -> Sender:
        """Tell the bot things by signed POSTs to `url` from now on; `post` replaces the network (ASGI in process)."""
        sender = Sender(self, url, post)
        sender.spawn = self.courier.spawn
        self._senders.append(sender)
        self.courier.transport = sender
        return sender

    def workspace(self, name: str, organisation: Organisation | None = None) -> Play:
        """One more workspace, where the app is not installed yet; `consents` install it. The fake must have started."""
        world, number = Play(self.clock, validate=self.validate), len(self.towns.all) + 1
        world.beside(self)
        world.team, world.team_name, world.bot_token = f"T0000000{number}", name, ""
        world.bot_user, world.bot_id = f"U0BOT000{number}", f"B0BOT000{number}"
        world.courier = self.courier
        if organisation is not None:
            world.organisation, world.files = organisation, organisation.files
            world.bot_user, world.bot_id = f"U0BOT{organisation.id[-4:]}", f"B0BOT{organisation.id[-4:]}"
        self.towns.all.append(world)
        return world

    async def until(self, ready: Callable[[], T], within: float = 5.0) -> T:
        """The first true value of `ready`, looked at after each change; TimeoutError after `within` real seconds."""
        return await self.pulse.until(ready, within)

    async def connected(self, within: float = 5.0) -> None:
        """Wait until the bot's socket is open."""
        await self.until(lambda: self.socket.open, within)

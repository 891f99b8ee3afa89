"""The job API as wiring sees it: an ASGI app, a Chat adapter, its start and its stop."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from bot.api.app import build_app
from bot.api.asking import Asking
from bot.api.chat import ApiChat
from bot.api.courier import Courier
from bot.api.door import Door
from bot.api.events import Events
from bot.api.news import News
from bot.api.ports import ApiStore, Poster
from bot.api.routes import Routes
from bot.cut import cut
from bot.jobs.core import Core
from bot.jobs.ports import Clock, Fetcher, Links


class ApiFront:
    """The front end for programs. `app` is mounted at `bot.api.app.PATH`."""

    def __init__(self, store: ApiStore, links: Links, fetcher: Fetcher, poster: Poster, clock: Clock, secret: str) -> None:
        """`fetcher`: for pictures that callers name; `poster`: for callbacks; `secret`: the bot's, which signs these."""
        news = News()
        self._news = news
        self._door = Door()
        self.chat = ApiChat(store, news, clock)
        self._courier = Courier(store, links, poster, clock, secret, self.chat.due)
        self._sending: asyncio.Task[None] | None = None
        self.asking = Asking(self._door, store, fetcher, poster, clock)
        self.events = Events(store, links, news, clock)
        self.app: FastAPI = build_app(Routes(self.asking, self.events, store, links), store, clock)

    @property
    def ready(self) -> bool:
        """Whether asks are taken."""
        return self._door.is_open

    async def start(self, core: Core) -> None:
        """Take asks and send callbacks from now on."""
        self._door.open(core)
        self._sending = asyncio.create_task(self._courier.run(), name="callbacks")

    async def speak(self) -> None:
        """`chat` needs nothing; callbacks are sent by those who take asks."""

    async def stop_intake(self) -> None:
        """Refuse what draws; reading goes on."""
        self._door.stopping = True

    async def stop(self) -> None:
        """End event streams and callbacks; what was not sent is sent after the next start."""
        await self.stop_intake()
        self._news.close()
        if self._sending is not None:
            await cut([self._sending])
            self._sending = None

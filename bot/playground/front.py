"""The playground as wiring sees it: an ASGI app, a Chat adapter, and its start and stop."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path
from string import Template

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot.cut import cut
from bot.errors import ImagineError
from bot.jobs.core import Core
from bot.jobs.ports import Clock, Pictures
from bot.playground.api import Api, Door
from bot.playground.board import Board
from bot.playground.chat import PlaygroundChat
from bot.playground.feed import Feed
from bot.playground.guard import Guard
from bot.playground.ports import MessageStore
from bot.texts import playground as texts

WATCH_SECONDS = 0.5
STATIC = Path(__file__).parent / "static"
log = structlog.get_logger(__name__)


class PlaygroundFront:
    """The third front end. `app` is mounted at "/"; body caps and security headers come from the web part around it."""

    def __init__(
        self,
        store: MessageStore,
        pictures: Pictures,
        key: str | None,
        clock: Clock,
        *,
        hosts: frozenset[str] = frozenset(),
        shared: bool = False,
    ) -> None:
        """`key` None only where nobody but this machine can connect. `hosts`: other names it may go by, with a key.

        `shared`: other processes write messages, too.
        """
        self._shared = shared
        self._watching: asyncio.Task[None] | None = None
        self._board = Board(store, clock)
        self._door = Door()
        self.chat = PlaygroundChat(self._board)
        self.app = Guard(self._build(pictures), key=key, hosts=hosts)

    @property
    def ready(self) -> bool:
        """Whether asks are taken."""
        return self._door.is_open

    async def start(self, core: Core) -> None:
        """Take asks from now on; pages that are open already go on by themselves."""
        self._door.open(core)
        if self._shared:
            self._watching = asyncio.create_task(self._board.watch(WATCH_SECONDS), name="playground of other processes")

    async def speak(self) -> None:
        """Nothing to do: `chat` writes rows."""

    async def stop_intake(self) -> None:
        """Refuse new asks with a sentence; open pages still see running jobs end."""
        self._door.stopping = True

    async def stop(self) -> None:
        """End the open event streams."""
        await self.stop_intake()
        if self._watching is not None:
            await cut([self._watching])
        self._board.hub.close()

    def _build(self, pictures: Pictures) -> FastAPI:
        app = FastAPI(title="playground", docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(HTTPException, _refused)
        app.add_exception_handler(RequestValidationError, _unreadable)
        app.add_exception_handler(ImagineError, _failed)
        app.add_exception_handler(Exception, _failed)
        page = Template((STATIC / "index.html").read_text("utf-8")).substitute(
            {name: escape(text) for name, text in texts.PAGE.items()}
        )
        app.add_api_route("/", lambda: HTMLResponse(page), methods=["GET"], response_model=None)
        app.include_router(Api(self._board, self._door).router)
        app.include_router(Feed(self._board, pictures).router)
        app.mount("/static", StaticFiles(directory=STATIC))
        return app


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def _unreadable(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"error": texts.BAD_REQUEST}, 400)


async def _failed(request: Request, error: Exception) -> JSONResponse:
    log.error("playground request failed", path=request.url.path, exc_info=error)
    return JSONResponse({"error": texts.FAILED}, 503 if isinstance(error, ImagineError) else 500)

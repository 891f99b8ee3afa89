"""uvicorn in our own event loop: on a socket that we bound, and without its hands on our signals."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import StartError
from bot.texts import web as texts
from bot.web.patience import HEADER_SECONDS, patient
from bot.web.streams import Hangup

BACKLOG = 512
KEEP_ALIVE_SECONDS = 75
"""An idle connection is kept longer than clients keep theirs (5 s in httpx, 15 s in aiohttp, 60 s in nginx): the side that
hangs up first must be the one that sends, or a request is lost on a connection that is just being closed."""
STOP_SECONDS = 5.0
"""Requests that still run at the stop get this long, then they are cut."""


class WebServer:
    """Bind, start, stop; each once."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        stop_seconds: float = STOP_SECONDS,
        header_seconds: float = HEADER_SECONDS,
    ) -> None:
        """`port` 0: any free one."""
        self._address = (host, port)
        self._socket: socket.socket | None = None
        self._port: int | None = None
        self._hangup = Hangup(app)
        self._server = _Server(
            uvicorn.Config(
                self._hangup,
                http=patient(header_seconds),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=max(1, round(stop_seconds)),
                backlog=BACKLOG,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that is (or was) bound."""
        if self._port is None:
            raise RuntimeError("the server is not bound yet")
        return self._port

    def bind(self) -> None:
        """Take the port, so that a second bot stops before it has touched anything. Raises StartError."""
        if self._socket is None:
            self._socket = _bound(*self._address)
            self._port = int(self._socket.getsockname()[1])

    async def start(self) -> None:
        """Answer from now on. Raises StartError if the port cannot be had."""
        self.bind()
        bound = self._socket
        self._task = asyncio.create_task(self._server.serve([bound] if bound else None), name="web server")
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({up, self._task}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Take no new connection, end streams, let requests finish for a few seconds."""
        self._hangup.hang_up()
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        if self._socket is not None:
            self._socket.close()


class _Server(uvicorn.Server):
    """uvicorn's server without its signal handlers; `up` says that it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGINT and SIGTERM to whoever runs us."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening and say so."""
        await super().startup(sockets)
        self.up.set()


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.socket(family, kind, proto)
    except OSError as error:
        raise StartError(_sentence(error, host, port)) from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise StartError(_sentence(error, host, port)) from error
    opened.setblocking(False)
    return opened


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return texts.PORT_IN_USE.format(port=port, host=host)
    if error.errno in (errno.EACCES, errno.EPERM):
        return texts.PORT_FORBIDDEN.format(port=port, host=host)
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return texts.NO_SUCH_HOST.format(host=host)
    return texts.NOT_BOUND.format(port=port, host=host, reason=error.strerror or error)

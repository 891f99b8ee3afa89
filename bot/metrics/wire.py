"""Every HTTP request to a provider: one line in the log with the code of its reply, and one count."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx
import structlog
from typing_extensions import override

log = structlog.get_logger("provider.http")
OTHER = "other"
Tell = Callable[[str, int], None]
"""Provider and HTTP status; 0: no reply came."""


class Names:
    """Whose a host is: that of a configured base URL, or another one below the same two labels."""

    def __init__(self, bases: Mapping[str, str]) -> None:
        """`bases`: provider -> base URL."""
        hosts = {name: urlsplit(base).netloc.rpartition("@")[2] for name, base in bases.items() if base}
        self._exact = {host: name for name, host in hosts.items()}
        self._below = {_tail(host): name for name, host in hosts.items() if _tail(host)}

    def of(self, url: httpx.URL) -> str:
        """The provider, or "other"."""
        host = url.netloc.decode("ascii", "replace").rpartition("@")[2]
        return self._exact.get(host) or self._below.get(_tail(host), OTHER)


class WatchedTransport(httpx.AsyncBaseTransport):
    """Around the transport that sends. Neither path nor headers nor body stand in the log."""

    def __init__(self, inner: httpx.AsyncBaseTransport, names: Names, tell: Tell | None) -> None:
        """`tell` None: nobody counts."""
        self._inner = inner
        self._names = names
        self._tell = tell

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Until the reply's headers; `status` 0 where none came."""
        began, status = time.monotonic(), 0
        try:
            reply = await self._inner.handle_async_request(request)
            status = reply.status_code
        finally:
            self._note(request, status, time.monotonic() - began)
        return reply

    @override
    async def aclose(self) -> None:
        """The inner one."""
        await self._inner.aclose()

    def _note(self, request: httpx.Request, status: int, seconds: float) -> None:
        provider = self._names.of(request.url)
        if self._tell is not None:
            self._tell(provider, status)
        # Status questions that go well are many, and say nothing.
        say = log.info if request.method == "POST" or not 200 <= status < 400 else log.debug
        say("provider replied", provider=provider, method=request.method, status=status, seconds=round(seconds, 3))


def _tail(host: str) -> str:
    """The last two labels of a name; "" for an address or a bare name."""
    labels = host.partition(":")[0].split(".")
    return ".".join(labels[-2:]) if len(labels) > 2 and not labels[-1].isdigit() else ""

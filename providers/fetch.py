"""The guarded fetcher: opens URLs that users, programs and providers name, and nothing that is not the open Internet's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from ssl import SSLContext

import httpcore

from providers import fetch_guard as guard
from providers.errors import BadUrl
from providers.fetch_guard import Target
from providers.retry_after import retry_after
from providers.tls import tls_context

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Host and port in, every IP address of it out; raises OSError where there is none."""

MOST_REDIRECTS = 3
KEPT, KEPT_SECONDS = 20, 5.0
"""Idle connections, and for how long: hosts close theirs after some seconds more."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({403, 408, 425, 429})
"""Refusals beside 5xx that a later try may not meet. 403: what a signed address gives while its object is not everywhere
yet, while the signer's clock is ahead, or from a guard against robots; one that has run out says the same, and costs a
few seconds more. 404 and 410 are the host's word that there is nothing."""
OWN_HEADERS = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "user-agent"})
STALE = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, httpcore.ProxyError, OSError)


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedFetcher:
    """Implements the core's `Fetcher`. `timeout`: seconds for one fetch with its redirects.

    A connection is kept for a few seconds: the four pictures of a job come over one or two. It leads to the address that was
    checked when it was dialled, and what was dialled for a trusted host serves nobody else.

    `allow_hosts`: hosts (with port unless 80 or 443) that may be private, for every fetch of this object. A fetcher for
    URLs that chat users type gets none. `tls` is for tests with a certificate of their own.
    """

    def __init__(
        self,
        allow_hosts: frozenset[str] = frozenset(),
        resolver: Resolver = resolve,
        timeout: float = 30.0,
        tls: SSLContext | None = None,
    ) -> None:
        """Keep the rules; nothing is dialled before the first fetch."""
        self._allow_hosts = allow_hosts
        self._timeout = timeout
        context = tls or tls_context()
        self._pools = {trusted: _pool(context, _CheckedBackend(resolver, trusted=trusted)) for trusted in (False, True)}

    async def close(self) -> None:
        """Close the connections that are kept."""
        for pool in self._pools.values():
            await pool.aclose()

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        """At most `limit` bytes, as they came. `headers` go to the first origin only. Raises BadUrl with one sentence."""
        hosts = self._allow_hosts | ({trusted} if trusted else frozenset())
        try:
            async with asyncio.timeout(self._timeout):
                return await self._insist(url, limit, headers or {}, hosts)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise BadUrl(guard.TOO_SLOW, passing=True) from error
        except FAILURES as error:
            raise BadUrl(guard.UNREACHABLE, passing=True) from error
        except (ValueError, TypeError) as error:  # a header or a host that cannot be written down
            raise BadUrl(guard.NO_URL) from error

    async def _insist(self, url: str, limit: int, headers: Mapping[str, str], hosts: frozenset[str]) -> bytes:
        """A kept connection may have been closed by the other side in this very moment: once more, then over a fresh one."""
        try:
            return await self._follow(url, limit, headers, hosts)
        except STALE:
            return await self._follow(url, limit, headers, hosts)

    def check(self, url: str) -> None:
        """What can be told without asking the resolver. Raises BadUrl."""
        guard.check_url(url, self._allow_hosts)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, float | None]:
        """Send `body` once: the answer's status, and the seconds that it asks to wait, if it does.

        What it says is not read, and a redirect is not followed. Raises BadUrl with one sentence.
        """
        try:
            async with asyncio.timeout(self._timeout):
                target = guard.check_url(url, self._allow_hosts)
                async with self._open(target, headers, "POST", body) as reply:
                    return reply.status, _asked(reply)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise BadUrl(guard.TOO_SLOW, passing=True) from error
        except FAILURES as error:
            raise BadUrl(guard.UNREACHABLE, passing=True) from error
        except (ValueError, TypeError) as error:
            raise BadUrl(guard.NO_URL) from error

    async def _follow(self, url: str, limit: int, headers: Mapping[str, str], hosts: frozenset[str]) -> bytes:
        target = guard.check_url(url, hosts)
        home = target.origin
        for _ in range(MOST_REDIRECTS + 1):
            sent = headers if target.origin == home else {}
            async with self._open(target, sent) as reply:
                if reply.status not in REDIRECTS:
                    return await _body(reply, limit)
                target = guard.check_next(target, _header(reply, b"location"), hosts)
        raise BadUrl(guard.TOO_MANY_REDIRECTS)

    @asynccontextmanager
    async def _open(
        self, target: Target, headers: Mapping[str, str], method: str = "GET", body: bytes | None = None
    ) -> AsyncIterator[httpcore.Response]:
        """One request over a connection that was dialled by address: a name cannot change under us."""
        url = target.url
        where = httpcore.URL(scheme=url.raw_scheme, host=target.host.encode(), port=target.port, target=url.raw_path or b"/")
        lines = {name: value for name, value in headers.items() if name.lower() not in OWN_HEADERS}
        if body is not None:
            lines["Content-Length"] = str(len(body))
        lines |= {"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity", "User-Agent": "imagine-bot"}
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        pool, waits_at = self._pools[target.trusted], {"timeout": waits}
        async with pool.stream(method, where, headers=list(lines.items()), content=body, extensions=waits_at) as reply:
            yield reply


def _pool(context: SSLContext, backend: _CheckedBackend) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=context,
        network_backend=backend,
        max_connections=None,
        max_keepalive_connections=KEPT,
        keepalive_expiry=KEPT_SECONDS,
    )


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks every address, and dials exactly the addresses that were checked; TLS still sees the name."""

    def __init__(self, resolver: Resolver, *, trusted: bool) -> None:
        self._resolver = resolver
        self._trusted = trusted
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = BadUrl(guard.NO_HOST, passing=True)
        for address in await self._addresses(host, port):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise BadUrl(guard.NO_HOST, passing=True) from error
        if not self._trusted and not all(guard.public(address) for address in found):
            raise BadUrl(guard.PRIVATE)
        return found


def _refusal(reply: httpcore.Response) -> BadUrl:
    passing = reply.status in PASSING or reply.status >= 500
    return BadUrl(guard.REFUSED.format(status=reply.status), passing=passing, retry_after=_asked(reply) if passing else None)


def _asked(reply: httpcore.Response) -> float | None:
    return retry_after({name.decode("latin-1"): value.decode("latin-1") for name, value in reply.headers})


async def _body(reply: httpcore.Response, limit: int) -> bytes:
    if reply.status != 200:
        raise _refusal(reply)
    if _header(reply, b"content-type").lower().startswith(("text/html", "application/xhtml")):
        raise BadUrl(guard.WEB_PAGE)
    if _header(reply, b"content-encoding").lower() not in ("", "identity"):
        raise BadUrl(guard.REFUSED.format(status="packed bytes"))
    body = bytearray()
    try:
        async for chunk in reply.aiter_stream():
            body += chunk
            if len(body) > limit:
                raise BadUrl(guard.TOO_LARGE)
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise BadUrl(guard.BROKEN_OFF, passing=True) from error
    return bytes(body)


def _header(reply: httpcore.Response, name: bytes) -> str:
    """The first header of that name, or empty."""
    return next((value.decode("latin-1") for key, value in reply.headers if key.lower() == name), "").strip()

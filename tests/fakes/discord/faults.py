"""Trouble on demand: rate limits, server errors, requests held back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from tests.fakes.discord.errors import Json


@dataclass(slots=True)
class Fault:
    """Answers `times` calls of matching routes. `after`: only once the call has had its effect (a lost reply).

    `cut`: no answer, the connection is closed. `text`: these characters instead of `body`, whatever the headers call them.
    """

    route: str
    times: int
    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    cut: bool = False
    text: str | None = None


class Faults:
    """A route is the beginning of "METHOD /template", e.g. "PATCH /channels"; routes.py names the usual ones."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._limited: dict[str, tuple[float, Fault]] = {}
        self.inside = 0
        """Calls that came while their token, or their route in their channel, was limited."""
        self._held: dict[tuple[str, bool], asyncio.Event] = {}

    def limit(
        self, route: str, times: int = 1, retry_after: float = 0.05, *, everywhere: bool = False, via: bool = True
    ) -> None:
        """429 with seconds to wait; in channels and by tokens whoever comes sooner is refused, too.

        `everywhere`: the global limit. Without `via` it looks like Cloudflare's ban.
        """
        body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
        headers = bucket_headers(0, retry_after) | {"Retry-After": str(max(1, round(retry_after)))}
        headers |= {"X-RateLimit-Scope": "global" if everywhere else "user"} | ({"Via": "1.1 google"} if via else {})
        headers |= {"X-RateLimit-Global": "true"} if everywhere else {}
        self._faults.append(Fault(route, times, 429, body, headers))

    def fail(self, route: str, status: int = 500, times: int = 1, *, after: bool = False, code: int = 0) -> None:
        """Answer with this status; `code` is Discord's number in the body."""
        self._faults.append(Fault(route, times, status, {"message": f"{status}: on demand", "code": code}, after=after))

    def cut(self, route: str, times: int = 1, *, after: bool = False) -> None:
        """Read the call and close the connection, as proxies do that have kept it long enough. Status in `calls`: 499."""
        self._faults.append(Fault(route, times, 499, {}, after=after, cut=True))

    def garble(self, route: str, status: int, text: str, kind: str = "application/json", times: int = 1) -> None:
        """Answer as somebody in between does: a proxy's empty 503 that calls itself JSON, a network's login page."""
        self._faults.append(Fault(route, times, status, {}, {"Content-Type": kind}, text=text))

    def exhaust(self, route: str, times: int = 1, reset_after: float = 0.05) -> None:
        """Serve the call, but say in its headers that the bucket is empty for so many seconds."""
        self._faults.append(Fault(route, times, 0, {}, bucket_headers(0, reset_after)))

    def take(self, route: str, *, after: bool) -> Fault | None:
        """The fault for this call, counted down."""
        for fault in self._faults:
            if fault.times > 0 and fault.after == after and route.startswith(fault.route):
                fault.times -= 1
                return fault
        return None

    def refuse(self, bucket: str, *, bound: bool) -> Fault | None:
        """A limit that lasts refuses this call, too. `bound`: by the global one."""
        for key in (bucket, "everywhere") if bound else (bucket,):
            until, fault = self._limited.get(key, (0.0, None))
            if fault is not None and (left := until - time.monotonic()) > 0:
                self.inside += 1
                return replace(fault, body=fault.body | {"retry_after": left})
        return None

    def begin(self, bucket: str, fault: Fault) -> None:
        """The limit that this fault tells of lasts from now on."""
        until = time.monotonic() + fault.body["retry_after"]
        self._limited["everywhere" if fault.body["global"] else bucket] = until, fault

    @asynccontextmanager
    async def hold(self, route: str, *, after: bool = False) -> AsyncIterator[None]:
        """While the block runs, matching requests wait unanswered. `after`: they have had their effect."""
        self._held[route, after] = asyncio.Event()
        try:
            yield
        finally:
            self._held.pop((route, after)).set()

    async def wait(self, route: str, *, after: bool = False) -> None:
        """Where a held request stands."""
        for (prefix, late), gate in list(self._held.items()):
            if late == after and route.startswith(prefix):
                await gate.wait()


def bucket_headers(remaining: int, reset_after: float) -> dict[str, str]:
    """What Discord says about a bucket."""
    values = {"Limit": "5", "Remaining": str(remaining), "Reset-After": str(reset_after), "Bucket": "fake"}
    return {f"X-RateLimit-{name}": value for name, value in values.items()}

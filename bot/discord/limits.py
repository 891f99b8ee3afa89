"""Discord's rate limits of one token or of one channel's route: nothing is sent inside them, whoever gave up waiting.

discord.py (2.7.1) forgets one when the call that met it is cut, and holds nobody else back meanwhile. Its global one is
held in gate.py.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass

import aiohttp

PATIENCE = 30.0
"""Seconds that a call without a time limit of its own waits."""
LONGEST = 3600.0
"""No limit is believed for longer."""
_TOKEN = re.compile(r"/webhooks/[0-9]+/[^/]+")
_CHANNEL = re.compile(r"(/channels/[0-9]+)(.*)")
_ID = re.compile(r"[0-9]{15,20}")
_ALL = "all"


class LimitedError(aiohttp.ClientError):
    """Not sent: the limit lasts longer than the call would wait. `left` in seconds."""

    def __init__(self, left: float) -> None:
        """For whoever knows no better it is a line that does not carry."""
        super().__init__(f"rate limited for {left:.1f} s")
        self.left = left


@dataclass(slots=True)
class Call:
    """One call: when its time is up, and when the limit that it waits for ends (both by the loop's clock)."""

    deadline: float
    until: float = 0.0

    def left(self) -> float:
        """Of the limit that it met last."""
        return self.until - _now()


CALL: ContextVar[Call] = ContextVar("call")
"""The call that is being made, for `Limits`, which aiohttp asks in the same task."""


class Limits:
    """When each of them ends. Kept in this process alone."""

    def __init__(self) -> None:
        self._ends: dict[str, float] = {}

    async def wait(self, method: str, path: str) -> None:
        """Before a request: returns when it may be sent. Raises LimitedError at once where that is too late for its call."""
        key = bucket(method, path)
        while (left := self._left(key)) > 0:
            call = CALL.get(None) or Call(_now() + PATIENCE)
            call.until = _now() + left
            if call.until > call.deadline:
                raise LimitedError(left)
            await asyncio.sleep(left)

    async def refused(self, method: str, path: str, answer: aiohttp.ClientResponse) -> None:
        """A 429 came. Its body says how long; its header where somebody before Discord has written it."""
        seconds, everywhere = _told(await answer.read(), answer.headers)
        end = _now() + min(seconds, LONGEST)
        self._ends = {key: until for key, until in self._ends.items() if until > _now()}
        for key in filter(None, (bucket(method, path), _ALL if everywhere else "")):
            self._ends[key] = max(end, self._ends.get(key, 0.0))
        if call := CALL.get(None):
            call.until = end

    def _left(self, key: str) -> float:
        if not key:
            return 0.0
        keys = (key,) if key.startswith("/") else (key, _ALL)  # interactions' own routes are free of the global limit
        return max(self._ends.get(one, 0.0) for one in keys) - _now()


def bucket(method: str, path: str) -> str:
    """What is counted together: all of a token, or one route of one channel. "": not held back here."""
    if found := _TOKEN.search(path):
        return found[0]
    found = _CHANNEL.search(path)
    return f"{method} {found[1]}{_ID.sub('*', found[2])}" if found else ""


def header_seconds(headers: Mapping[str, str]) -> float | None:
    """What `Retry-After` says."""
    header = headers.get("Retry-After", "")
    return float(header) if header.replace(".", "", 1).isdecimal() else None


def _told(body: bytes, headers: Mapping[str, str]) -> tuple[float, bool]:
    try:
        told = json.loads(body)
        return float(told["retry_after"]), bool(told.get("global"))
    except (ValueError, TypeError, LookupError):
        return header_seconds(headers) or 0.0, False


def _now() -> float:
    return asyncio.get_running_loop().time()

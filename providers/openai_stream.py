"""OpenAI's picture events: partial pictures as they come, a completed one with its usage, or an error.

The API refuses to stream more than one picture a call (HTTP 400 `unsupported_parameter`: "Streaming is only supported
with n=1."), so each event belongs to the one picture. Fewer partial pictures than asked for may come.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from typing import Any, Final

from providers.base import Drawn
from providers.errors import Accepted, Family, ProviderError
from providers.openai_reply import MODERATED, NO_MONEY
from providers.sse import Event, Events
from providers.streaming import Partial, Seen

OFF_LOOP_BYTES: Final = 100_000
"""Events longer than this are parsed and decoded in a thread."""
PARTIAL: Final = frozenset({"image_generation.partial_image", "image_edit.partial_image"})
COMPLETED: Final = frozenset({"image_generation.completed", "image_edit.completed"})
BUSY: Final = frozenset({"rate_limit_exceeded", "server_overloaded", "slow_down"})


class PictureStream:
    """The events of one call. `drawn`: the completed picture; `usage`: what it says of its tokens."""

    def __init__(self, partials: int, seen: Seen) -> None:
        """`partials`: how many partial pictures were asked for."""
        self.drawn: Drawn | None = None
        self.usage: dict[str, Any] = {}
        self.opened = False
        self._expected = partials + 1
        self._came = 0
        self._seen = seen
        self._events = Events()

    async def feed(self, chunk: bytes) -> bool:
        """More of the stream; True: the picture is here, nothing more is needed. Raises ProviderError for an error event."""
        self.opened = True
        for event in self._events.feed(chunk):
            await self._take(event)
        return self.drawn is not None

    async def end(self) -> Drawn:
        """The stream is over. Raises ProviderError if it brought no picture."""
        for event in self._events.end():
            await self._take(event)
        if self.drawn is None:
            raise ProviderError(Family.BROKEN, "the stream ended without a picture")
        return self.drawn

    async def _take(self, event: Event) -> None:
        large = len(event.data) > OFF_LOOP_BYTES
        kind, said, data = await asyncio.to_thread(_read, event) if large else _read(event)
        if kind == "error" or (kind not in PARTIAL | COMPLETED and isinstance(said.get("error"), dict)):
            raise _failure(said)
        if self.drawn is not None or not data:
            return
        if kind in COMPLETED:
            usage = said.get("usage")
            self.drawn, self.usage = Drawn(data=data), usage if isinstance(usage, dict) else {}
        elif kind in PARTIAL:
            self._came = min(self._came + 1, self._expected - 1)
            await self._seen(Partial(data, self._came / self._expected))


def _read(event: Event) -> tuple[str, dict[str, Any], bytes]:
    """Type, body and picture of an event; what cannot be read is empty: an odd event must not cost a picture paid for."""
    try:
        said = json.loads(event.data)
    except (ValueError, RecursionError):
        return event.name, {}, b""
    if not isinstance(said, dict):
        return event.name, {}, b""
    kind, text = said.get("type"), said.pop("b64_json", None)
    name = kind if isinstance(kind, str) else event.name
    try:
        return name, said, base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return name, said, b""


def _failure(said: dict[str, Any]) -> ProviderError:
    """By its code. The call was being worked on: whether it is charged is not documented."""
    inner = said.get("error")
    told = inner if isinstance(inner, dict) else said
    codes = {value for value in (told.get("code"), told.get("type")) if isinstance(value, str)}
    families = ((NO_MONEY, Family.NO_MONEY), (MODERATED, Family.MODERATED), (BUSY, Family.BUSY))
    family = next((family for names, family in families if codes & names), Family.BROKEN)
    text = " ".join(str(told[name])[:300] for name in ("code", "message") if told.get(name))
    return ProviderError(family, f"error event: {text}", accepted=Accepted.UNKNOWN)

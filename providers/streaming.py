"""The further port of a provider that sends partial pictures while it draws."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from providers.base import DrawRequest, Submitted


@dataclass(frozen=True, slots=True)
class Partial:
    """An unfinished picture of a call under way. `fraction` 0.0-1.0: of what is expected, what has arrived by now."""

    data: bytes = field(repr=False)
    fraction: float


Seen = Callable[[Partial], Awaitable[None]]
"""Takes a partial picture: quick, and it never raises."""


@runtime_checkable
class Streaming(Protocol):
    """Implemented beside `Provider`; the core asks for it by isinstance."""

    async def submit_streaming(self, request: DrawRequest, key: str, webhook_url: str | None, seen: Seen) -> Submitted:
        """As `Provider.submit`, exactly one paid request; each partial picture goes to `seen` as it comes, if any does."""
        ...

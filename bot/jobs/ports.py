"""What the core asks of the outside besides the chats: promises and signatures only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

from providers.base import Kind, Provider
from providers.limits import Limits, Measure

Clock = Callable[[], float]
"""Unix seconds; tests hand in one they can move."""


class Pictures(Protocol):
    """The picture store: bytes under a key."""

    async def put(self, key: str, data: bytes, mime: str) -> None:
        """Store; the same key again replaces."""
        ...

    async def get(self, key: str) -> bytes:
        """The bytes; raises KeyError for an unknown key."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Remove; unknown keys are no error."""
        ...

    async def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        ...

    def keys(self, folder: str, *, after: float = -inf, before: float = inf) -> AsyncIterator[Sequence[str]]:
        """Batches of the keys under a folder that were last written between two moments (unix seconds), in no order."""
        ...


class Links(Protocol):
    """Addresses of pictures for those who stand outside the chats."""

    async def link(self, key: str, mime: str) -> str:
        """An absolute address of a drawn picture that needs no login, good for a day at least (behind a CDN for ever).

        ValueError for any other key. Whoever has the address has the picture: it stands in no log.
        """
        ...


class Fetcher(Protocol):
    """The guarded fetcher: every URL that a user or a provider names goes through it."""

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        """At most `limit` bytes. `trusted`: a host (with port) that may be private: a configured base URL's own.

        Raises providers.errors.BadUrl with one sentence.
        """
        ...


@dataclass(frozen=True, slots=True)
class Composed:
    """One picture that was checked, or made of several. Sizes in px."""

    data: bytes
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Series:
    """One panel of a chart: what is shown, and one value a label, in order. `decimals`: of the numbers at the axis."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    decimals: int = 0


class Imaging(Protocol):
    """Pixels, off the event loop. Every method raises providers.errors.BadPicture for bytes it cannot use."""

    async def check(self, data: bytes) -> Composed:
        """Is it a picture that is safe to decode, whole, and of a type we know (PNG, JPEG, WebP)? Bytes stay as they are."""
        ...

    async def sheet(self, tiles: Sequence[bytes], limit: int) -> tuple[Sequence[Composed], Composed]:
        """`check` of each and their `grid`, every one decoded once: half the work of the two one after the other."""
        ...

    async def grid(self, tiles: Sequence[bytes], limit: int) -> Composed:
        """2x2 (or fewer) tiles as one JPEG of at most `limit` bytes."""
        ...

    async def fit(self, data: bytes, limit: int, formats: frozenset[str]) -> Composed:
        """The same picture under `limit` bytes in one of `formats`; the bytes themselves if they fit already."""
        ...

    async def bound(self, data: bytes, limits: Limits) -> Composed:
        """The same picture as a vendor takes it; the bytes themselves if it takes those."""
        ...

    async def chart(self, series: Sequence[Series]) -> Composed:
        """Bars as a PNG, one panel a series."""
        ...


class Engine(Protocol):
    """Says only when a job is looked at."""

    def wake(self, job_id: str) -> None:
        """Look at this job as soon as possible; never blocks, never lost while the process lives."""
        ...

    def defer(self, job_id: str, delay: float) -> None:
        """Look at it again in `delay` seconds."""
        ...


Advance = Callable[[str], Awaitable[float | None]]
"""One look at a job: seconds to wait for the next, or None if only a wake can bring news. Raises Held."""


class Held(Exception):
    """Another process is looking at the job: look again soon, or what woke this look may be lost on both."""


class Providers(Protocol):
    """The configured providers, in their order."""

    def get(self, name: str) -> Provider | None:
        """By name; also those that only enlarge."""
        ...

    def all(self, order: Sequence[str] = ()) -> Sequence[Provider]:
        """Those that draw from a prompt, preferred first. `order`: only these, in this order; empty: all."""
        ...

    def choose(
        self,
        kind: Kind,
        wanted: str,
        *,
        image: bool,
        but: Collection[str] = (),
        order: Sequence[str] = (),
        tile: Measure | None = None,
    ) -> Provider | None:
        """Who does this: `wanted` if it can, else the first that can; none of `but`; None if nobody can.

        `order`: a community's own list; `tile`: what is to be enlarged.
        """
        ...


@dataclass(frozen=True, slots=True)
class UserSettings:
    """A person's own defaults; empty means: not set."""

    provider: str = ""
    ratio: str = ""
    style: str = ""
    suffix: str = ""
    ping: bool = False


class SettingsStore(Protocol):
    """Personal settings."""

    async def user_settings(self, user_key: str) -> UserSettings:
        """Defaults where nothing is stored."""
        ...

    async def save_user_settings(self, user_key: str, settings: UserSettings) -> None:
        """Replace them."""
        ...

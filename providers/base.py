"""The port that every image provider implements, and its own request and picture types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from providers.capabilities import Capabilities
from providers.errors import ProviderError


class Kind(StrEnum):
    """What is asked of a provider in one call."""

    IMAGINE = "imagine"
    UPSCALE = "upscale"
    VARIATION = "variation"


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of one picture in px."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Params:
    """Prompt parameters as parsed; None or empty means: not given. Ranges are checked by the parser.

    `speed` is fast, relax, turbo or draft; `niji` and `version` are model names of the Midjourney family.
    """

    ratio: str = ""
    seed: int | None = None
    negative: str = ""
    stylize: int | None = None
    chaos: int | None = None
    weird: int | None = None
    quality: float | None = None
    version: str = ""
    niji: str = ""
    tile: bool = False
    raw: bool = False
    speed: str = ""
    style: str = ""
    provider: str = ""
    images: tuple[str, ...] = ()

    def given(self) -> frozenset[str]:
        """Names of the parameters that the user gave and that a provider would have to honour."""
        names = (
            "ratio",
            "seed",
            "negative",
            "stylize",
            "chaos",
            "weird",
            "quality",
            "version",
            "niji",
            "tile",
            "raw",
            "speed",
        )
        values = {name: getattr(self, name) for name in names}
        return frozenset(name for name, value in values.items() if value is not None and value is not False and value != "")


@dataclass(frozen=True, slots=True)
class Source:
    """The picture that an upscale or a variation starts from, with what its provider calls it.

    `data`: its bytes; `ref`: the provider's id of the call that drew it; `index`: 0-3 within that call;
    `image_id`: the provider's own id of this one picture; `seed`: its seed.
    """

    data: bytes = field(repr=False)
    mime: str
    ref: str = ""
    index: int = 0
    image_id: str = ""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """One call: `count` pictures of `size`. `image` is the user's input picture; `source` the parent of a U or V."""

    kind: Kind
    prompt: str
    size: Size
    count: int
    params: Params = Params()
    image: Source | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished picture: bytes in hand (`data`) or still at a `url`; exactly one of both."""

    url: str = ""
    data: bytes = field(default=b"", repr=False)
    seed: int | None = None
    image_id: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The provider took the call. `ref` is all that `status` needs, for ever. `pictures` only from blocking providers."""

    ref: str
    pictures: tuple[Drawn, ...] = ()
    cost: int | None = None


class Stage(StrEnum):
    """Where a call stands. A status word that the adapter does not know is RUNNING."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Status:
    """The answer of a status route. `fraction` 0.0-1.0 only if the API gives one; `cost` in micro-USD if it says so."""

    stage: Stage
    fraction: float | None = None
    queue_position: int | None = None
    pictures: tuple[Drawn, ...] = ()
    error: ProviderError | None = None
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What `check` found: `sentence` says what is wrong and how to mend it, or that all is well.

    `low`: the key is good, but little credit is left.
    """

    ok: bool
    sentence: str
    low: bool = False


@runtime_checkable
class PrivateFiles(Protocol):
    """A provider whose finished pictures need a header of ours to be fetched."""

    def download_headers(self, url: str) -> Mapping[str, str]:
        """Headers for this address; empty for a host that must not see our key."""
        ...


@runtime_checkable
class PublishedKeys(Protocol):
    """A provider that signs its webhooks with keys that have to be fetched."""

    async def fetch_keys(self) -> None:
        """Before `read_webhook`: fetch them if there are none, or if they are old. Raises nothing, is quick."""
        ...


class Provider(Protocol):
    """One vendor. Adapters convert and nothing else: retries, downloads, limits live above them."""

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do; constant for the life of the object."""
        ...

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Send exactly one paid request. `key` is our call id. Raises ProviderError with a true `accepted`."""
        ...

    async def lookup(self, key: str) -> Submitted | None:
        """Find a call by our key where `capabilities.lookup`; None: the provider never got it."""
        ...

    async def status(self, ref: str) -> Status:
        """Ask how a call stands. Raises ProviderError only for failures to ask; a failed job is Stage.FAILED."""
        ...

    async def cancel(self, ref: str) -> bool:
        """Ask to stop; True only if the provider confirms that it will not charge."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """Verify (where signed) and return the provider's id that the body names, or "". Raises BadWebhook."""
        ...

    async def check(self) -> Health:
        """Is the key good, is there credit? Pays nothing."""
        ...

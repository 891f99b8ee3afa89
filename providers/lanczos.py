"""lanczos: doubles the sides of any picture by interpolation. No new detail: the last resort of U, labelled so.

Where twice would be too large to be shown, it goes as far as it can.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from providers.base import Drawn, DrawRequest, Health, Kind, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.limits import Limits

Run = Callable[..., Awaitable[Any]]
"""`await run(function, *arguments)`: in a pool of threads."""

CAPABILITIES: Final = Capabilities(
    name="lanczos",
    label="Lanczos enlargement (no new detail)",
    asynchronous=False,
    per_call=1,
    imagine=False,
    upscale=True,
    upscale_any=True,
    offline=True,
    enlarges=Limits(pixels=20_000_000, longest=7_400),
)
"""What is larger would gain less than a tenth a side below the 25 million pixels and 8192 px that can be shown."""


class Lanczos:
    """Implements `providers.base.Provider`."""

    def __init__(self, run: Run) -> None:
        """`run` works off the loop."""
        self._run = run

    @property
    def capabilities(self) -> Capabilities:
        """Constant."""
        return CAPABILITIES

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """The enlarged picture at once. Raises ProviderError, never accepted."""
        del webhook_url
        if request.kind is not Kind.UPSCALE or request.source is None:
            raise _bad("lanczos only enlarges a picture")
        try:
            data: bytes = await self._run(_doubled, request.source.data)
        except (OSError, ValueError, SyntaxError) as error:
            raise _bad(f"the picture can't be read: {error}") from error
        except (RuntimeError, MemoryError) as error:  # a closed pool, no memory left
            raise ProviderError(Family.BROKEN, f"could not enlarge: {error}", accepted=Accepted.NO) from error
        return Submitted(key, (Drawn(data=data, seed=request.source.seed),), cost=0)

    async def lookup(self, key: str) -> Submitted | None:
        """Nothing is kept, so nothing is found."""
        del key
        return None

    async def status(self, ref: str) -> Status:
        """There is nothing to ask: the picture came with the answer to `submit`, or not at all."""
        return Status(Stage.FAILED, error=_bad(f"lanczos keeps nothing of {ref}"))

    async def cancel(self, ref: str) -> bool:
        """It is done already."""
        del ref
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none."""
        del headers, body
        raise BadWebhook("lanczos sends no webhooks")

    async def check(self) -> Health:
        """Always ready."""
        return Health(ok=True, sentence="lanczos works on this machine and needs no key.")


def _bad(text: str) -> ProviderError:
    return ProviderError(Family.BAD_REQUEST, text, accepted=Accepted.NO)


def _doubled(data: bytes) -> bytes:
    """In the pool; Pillow is imported by the first picture."""
    enlarged: bytes = importlib.import_module("providers.sketching.enlarge").doubled(data)
    return enlarged

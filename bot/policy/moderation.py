"""The port of moderation services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Moderation(Protocol):
    """A service (or a classifier on this machine) that says how likely a text or a picture belongs to a category.

    Raises providers.errors.ProviderError. Never works on the event loop.
    """

    @property
    def texts(self) -> bool:
        """Whether it reads texts."""
        ...

    @property
    def pictures(self) -> bool:
        """Whether it looks at pictures."""
        ...

    async def text(self, text: str) -> Mapping[str, float]:
        """Category -> 0.0-1.0. Categories as OpenAI's moderation endpoint names them."""
        ...

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        """The same for a picture."""
        ...

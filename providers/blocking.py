"""What adapters share whose API answers `submit` with the pictures: afterwards there is nothing to ask, stop or hear."""

from __future__ import annotations

from collections.abc import Mapping

from providers.base import Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import BadWebhook, Family, ProviderError


class Blocking:
    """The rest of `Provider` for such an API; an adapter adds `capabilities`, `submit` and `check`."""

    _capabilities: Capabilities

    async def lookup(self, key: str) -> Submitted | None:
        """The vendor keeps no key of ours. None would claim that the call never arrived, so this raises."""
        raise ProviderError(Family.BROKEN, f"{self._capabilities.label} cannot look up {key}")

    async def status(self, ref: str) -> Status:
        """There is nothing to ask: the pictures came with the answer to `submit`, or not at all."""
        del ref
        return Status(Stage.DONE)

    async def cancel(self, ref: str) -> bool:
        """A blocking call cannot be stopped."""
        del ref
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none."""
        del headers, body
        raise BadWebhook(f"{self._capabilities.label} sends no webhooks")

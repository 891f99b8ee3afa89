"""A webhook came: verified or not, it only wakes its call. The result always comes from the status route."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from bot.jobs.house import House
from providers.base import PublishedKeys
from providers.errors import BadWebhook

log = structlog.get_logger()
TokenOk = Callable[[str, str, str], bool]
"""(token, provider, call id) -> whether we made that address."""


class Hooks:
    """The webhook use case: (provider, call id, token, headers, body) -> HTTP status."""

    def __init__(self, house: House, token_ok: TokenOk) -> None:
        """`token_ok` compares in constant time."""
        self._house = house
        self._token_ok = token_ok

    async def __call__(self, provider: str, call_id: str, token: str, headers: Mapping[str, str], body: bytes) -> int:
        """404 for an address that we did not make, 401 for a bad signature, else 200, whatever the body says."""
        known = self._house.providers.get(provider)
        if known is None or not self._token_ok(token, provider, call_id):
            return 404
        if isinstance(known, PublishedKeys):
            await known.fetch_keys()
        try:
            candidate = known.read_webhook(headers, body)
        except BadWebhook as error:
            log.warning("webhook refused", provider=provider, call=call_id, error=str(error))
            return 401
        job_id = await self._house.store.hooked(call_id, candidate, self._house.clock())
        log.info("webhook", provider=provider, call=call_id, job=job_id)
        if job_id is not None:
            self._house.engine.wake(job_id)
        return 200

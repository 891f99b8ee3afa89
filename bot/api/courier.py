"""Sends callbacks: signed by Standard Webhooks, again and again for a day and a half, also after a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from random import random

import structlog

from bot.api import tokens
from bot.api.ports import ApiStore, Callback, Poster
from bot.api.status import STATUSES, moment, shown
from bot.errors import StoreUnavailable
from bot.jobs.model import JobState
from bot.jobs.ports import Clock, Links
from providers.errors import BadUrl
from providers.standard_webhooks import StandardWebhooks

log = structlog.get_logger(__name__)
WAITS = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0)
"""Seconds after each failed try, more where the receiver asks for it; after the last one it is given up."""
LEASE = 120.0
"""Longer than a try takes: a callback that a killed process held is taken up by another."""
TICK = 2.0
"""Seconds between two looks at the rows: another process may have written one."""
AT_ONCE = 16
GONE = 410
"""The receiver wants no more of these."""
HOUR = 3600.0
FIRST = 60.0
"""Seconds until old rows are looked for: not while everybody starts."""
MARKS_KEPT = 24 * HOUR
CLOSED_KEPT = 7 * 24 * HOUR


class Courier:
    """A loop for one process; several may run beside each other."""

    def __init__(
        self,
        store: ApiStore,
        links: Links,
        poster: Poster,
        clock: Clock,
        secret: str,
        due: asyncio.Event,
        *,
        spread: Callable[[], float] = random,
    ) -> None:
        """`secret`: the bot's; `due`: rings when something may be due; `spread`: 0.0-1.0, so that not all come at once."""
        self._store = store
        self._links = links
        self._poster = poster
        self._clock = clock
        self._secret = secret
        self._due = due
        self._spread = spread
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until it is cancelled."""
        pruned = self._clock() - HOUR + FIRST
        try:
            while True:
                self._due.clear()
                try:
                    if self._clock() - pruned > HOUR:
                        pruned = self._clock()
                        await self._store.prune(pruned - MARKS_KEPT, pruned - CLOSED_KEPT)
                    await self.once()
                except StoreUnavailable:
                    log.exception("callbacks not read")
                await self._rest()
        finally:
            for task in self._sending:
                task.cancel()

    async def _rest(self) -> None:
        ringing = asyncio.create_task(self._due.wait())
        await asyncio.wait({ringing, *self._sending}, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
        ringing.cancel()

    async def once(self) -> None:
        """Begin to send what is due."""
        now, free = self._clock(), AT_ONCE - len(self._sending)
        for callback in await self._store.take_callbacks(now, now + LEASE, free) if free else ():
            task = asyncio.create_task(self._send(callback), name=f"callback {callback.id}")
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send(self, callback: Callback) -> None:
        """One try. A store that is away leaves the lease to run out."""
        with suppress(StoreUnavailable):
            key = await self._store.key(callback.key_id)
            if key is None or key.revoked_at is not None:
                await self._store.close_callback(callback, self._clock(), "the key was revoked")
                return
            body = await self._body(callback)
            if body is None:
                await self._store.close_callback(callback, self._clock(), "the job is gone")
                return
            await self._post(callback, body)

    async def _post(self, callback: Callback, body: bytes) -> None:
        signer = StandardWebhooks(tokens.callback_secret(self._secret, callback.key_id), self._clock)
        headers = {"content-type": "application/json", **signer.sign(callback.id, body)}
        final, asked = False, None
        try:
            status, asked = await self._poster.post(callback.url, body, headers)
        except BadUrl as error:
            said, final = str(error), not error.passing
        else:
            said = f"status {status}"
            if 200 <= status < 300:
                log.info("callback taken", job=callback.job_id, attempt=callback.attempts)
                await self._store.close_callback(callback, self._clock(), said)
                return
            final = status == GONE
        await self._failed(callback, said, asked or 0.0, final=final)

    async def _failed(self, callback: Callback, said: str, asked: float, *, final: bool) -> None:
        """`asked`: for so many seconds of peace (RFC 9110 10.2.3); providers.retry_after takes an hour at most."""
        if final or callback.attempts >= len(WAITS):
            log.warning("callback given up", job=callback.job_id, attempt=callback.attempts, said=said)
            await self._store.close_callback(callback, self._clock(), said)
            return
        wait = max(WAITS[callback.attempts], asked) * (1 + self._spread() / 5)
        log.info("callback not taken", job=callback.job_id, attempt=callback.attempts, said=said, again=round(wait))
        await self._store.retry_callback(callback, self._clock() + wait, said)

    async def _body(self, callback: Callback) -> bytes | None:
        """The event, and the job as it stands now; None if it is not the key's any more (an erased one).

        `timestamp` is the event's, the same at every try (Standard Webhooks, "Webhook payload"); a job that was taken up
        again since has none.
        """
        job = await self._store.job(callback.job_id)
        if job is None or job.actor.user_id != callback.key_id:
            return None
        said = {
            "type": f"job.{STATUSES[JobState(callback.event)]}",
            "timestamp": moment(job.ended_at or self._clock()),
            "data": (await shown(job, self._links)).model_dump(),
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

"""The `state` of an installation: signed, good for ten minutes, for one use, and in the browser alone that asked for it.

Nothing is written before Slack sends somebody back: whoever calls `/slack/install` a thousand times fills no table.
"""

from __future__ import annotations

import hmac
import re
import secrets
from enum import StrEnum

from bot.jobs.ports import Clock
from bot.slack.ports import Installations

SECONDS = 600
"""Slack's own codes live as long."""
STATE = re.compile(r"(?P<nonce>[0-9a-f]{32})\.(?P<until>[0-9]{1,12})\.(?P<mark>[0-9a-f]{64})")
BROWSER = re.compile(r"[0-9a-f]{32}")


class Verdict(StrEnum):
    """What a state that came back is worth."""

    GOOD = "good"
    FOREIGN = "foreign"
    """Not ours, changed, or of another browser."""
    LATE = "late"
    USED = "used"


class States:
    """Makes and takes states. `key` signs them."""

    def __init__(self, key: bytes, store: Installations, clock: Clock) -> None:
        """`store` remembers those that were used."""
        self._key = key
        self._store = store
        self._clock = clock

    def issue(self) -> tuple[str, str]:
        """A state, and what the browser's cookie holds beside it."""
        browser, nonce, until = secrets.token_hex(16), secrets.token_hex(16), int(self._clock()) + SECONDS
        return f"{nonce}.{until}.{self._mark(nonce, until, browser)}", browser

    async def take(self, state: str, browser: str) -> Verdict:
        """Spend it. Raises StoreUnavailable."""
        found = STATE.fullmatch(state)
        if found is None or not BROWSER.fullmatch(browser):
            return Verdict.FOREIGN
        until = int(found["until"])
        if not hmac.compare_digest(found["mark"], self._mark(found["nonce"], until, browser)):
            return Verdict.FOREIGN
        if until < self._clock():
            return Verdict.LATE
        fresh = await self._store.spend(found["nonce"], float(until), self._clock())
        return Verdict.GOOD if fresh else Verdict.USED

    def _mark(self, nonce: str, until: int, browser: str) -> str:
        return hmac.new(self._key, f"{nonce}.{until}.{browser}".encode(), "sha256").hexdigest()

"""Discord's global rate limit: nothing may be sent while it lasts."""

from __future__ import annotations

import asyncio

import discord


class Gate(asyncio.Event):
    """Open (set) from the start; who shuts it may fail to open it again, so it opens by itself after `longest` seconds.

    discord.py (2.7.1, HTTPClient.request) clears its event, sleeps, and sets it again, without `finally`: a call of ours
    that is cut by its time limit in that sleep would leave it shut, for all calls, until the next login. It sleeps no
    longer than its `max_ratelimit_timeout`: after so many seconds the limit is over, whatever it was.
    """

    def __init__(self, longest: float) -> None:
        """`longest`: what the client takes as `max_ratelimit_timeout`."""
        super().__init__()
        self._longest = longest
        self._timer: asyncio.TimerHandle | None = None
        self.set()

    def set(self) -> None:
        """Open."""
        self._forget()
        super().set()

    def clear(self) -> None:
        """Shut."""
        self._forget()
        super().clear()
        self._timer = asyncio.get_running_loop().call_later(self._longest, self.set)

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def install(client: discord.Client, longest: float) -> None:
    """After each login, which makes an event of its own. There is no public way to it (discord.py 2.7.1)."""
    client.http._global_over = Gate(longest)  # noqa: SLF001

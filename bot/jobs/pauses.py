"""Pauses between two heavy asks of one person, such as packing everything that is kept about them."""

from __future__ import annotations

import math
from collections import OrderedDict

from bot.jobs.ports import Clock

REMEMBERED = 10_000


class Pauses:
    """When each person last did a thing: in memory, as all that a restart forgives is one more time."""

    def __init__(self, clock: Clock, most: int = REMEMBERED) -> None:
        """`most`: so many are remembered, the newest ones."""
        self._clock = clock
        self._most = most
        self._last: OrderedDict[tuple[str, str], float] = OrderedDict()

    def left(self, what: str, who: str, seconds: float) -> int:
        """Whole seconds that `who` must still wait; 0: it may be now, and the pause of `seconds` begins."""
        now, key = self._clock(), (what, who)
        last = self._last.get(key)
        left = 0 if last is None else math.ceil(min(last, now) + seconds - now)
        if left > 0:
            return left
        self._last[key] = now
        self._last.move_to_end(key)
        while len(self._last) > self._most:
            self._last.popitem(last=False)
        return 0

    def forget(self, what: str, who: str) -> None:
        """It came to nothing: it may be tried again at once."""
        self._last.pop((what, who), None)

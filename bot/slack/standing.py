"""What our messages show: an edit that would change nothing is not sent, as edits are few (chat.update is Tier 3)."""

from __future__ import annotations

import json
import time
from collections import OrderedDict

from bot.jobs.ports import Clock
from bot.slack.api import Written

FRESH = 300.0
"""Seconds for which it is believed: another process may edit the same message."""
MOST = 2000
Held = tuple[float, int] | None
"""Until when, and a mark of the blocks and words."""


class Standing:
    """By message: what Slack took last, and when."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """`clock`: seconds."""
        self._clock = clock
        self._shown: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def shows(self, message: str, shown: Written) -> bool:
        """Whether it stands there already."""
        until, mark = self._shown.get(message, (0.0, 0))
        return self._clock() < until and mark == _mark(shown)

    def keep(self, message: str, shown: Written) -> None:
        """Slack took it."""
        self._shown[message] = (self._clock() + FRESH, _mark(shown))
        self._shown.move_to_end(message)
        while len(self._shown) > MOST:
            self._shown.popitem(last=False)

    def drop(self, message: str) -> Held:
        """Something else is sent, and nobody knows yet what becomes of it. What was believed until now."""
        return self._shown.pop(message, None)

    def restore(self, message: str, held: Held) -> None:
        """It was refused, and changed nothing."""
        if held is not None:
            self._shown[message] = held


def _mark(shown: Written) -> int:
    return hash((shown.text, json.dumps(list(shown.blocks), sort_keys=True)))

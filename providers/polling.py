"""How long to wait before a provider's status is asked for again."""

from __future__ import annotations

from collections.abc import Callable

FIRST = 1.0
"""Seconds to the first look at an asynchronous provider."""
CAP = 15.0
"""Most seconds between two looks; with a webhook four times that."""
GROWTH = 1.5
SLOWER_WITH_WEBHOOK = 4.0
JITTER = 0.2
MOST_STEPS = 64
"""Growth ends long before; more would only overflow."""


def next_poll(first: float, polls: int, *, webhook: bool, random: Callable[[], float], cap: float = CAP) -> float:
    """Seconds to wait after `polls` looks: grows from `first` to `cap`, +-20 % so that jobs do not ask in step.

    With a `webhook` polling is only the net below it: four times slower. `random` gives 0.0-1.0.
    """
    slower = SLOWER_WITH_WEBHOOK if webhook else 1.0
    plain = min(first * GROWTH ** min(max(polls, 0), MOST_STEPS), cap) * slower
    return min(plain * (1 + JITTER * (2 * random() - 1)), cap * slower)

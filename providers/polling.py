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

    With a `webhook` polling is only the net below it and grows four times as far. It begins no later: where webhooks do
    not get through, a person waits at most half as long again as the drawing took. `random` gives 0.0-1.0.
    """
    most = cap * SLOWER_WITH_WEBHOOK if webhook else cap
    plain = min(first * GROWTH ** min(max(polls, 0), MOST_STEPS), most)
    return min(plain * (1 + JITTER * (2 * random() - 1)), most)

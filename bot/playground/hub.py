"""Tells open event streams that something changed.

It carries no messages: each stream reads what its user may see from the store, so that privacy and order are decided
in one place.
"""

from __future__ import annotations

import asyncio


class Hub:
    """One bell for all open streams."""

    def __init__(self) -> None:
        """Start open and silent."""
        self._bells: set[asyncio.Event] = set()
        self.closed = False

    def join(self) -> asyncio.Event:
        """A bell of one's own; it rings at every change and at the close."""
        bell = asyncio.Event()
        self._bells.add(bell)
        return bell

    def leave(self, bell: asyncio.Event) -> None:
        """Give the bell back."""
        self._bells.discard(bell)

    @property
    def listeners(self) -> int:
        """Open streams."""
        return len(self._bells)

    def ring(self) -> None:
        """Something changed."""
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self.ring()

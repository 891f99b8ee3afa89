"""Fake links: addresses that lead nowhere, for the same keys as the real ones."""

from __future__ import annotations

from bot.jobs.links import drawn


class FakeLinks:
    """Implements `Links`."""

    async def link(self, key: str, mime: str) -> str:
        return f"https://pictures.test/{drawn(key)}"

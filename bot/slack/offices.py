"""Which office speaks in a workspace: the one whose token stands in the settings, or that of each installation."""

from __future__ import annotations

import asyncio
from typing import Protocol

from bot.slack.api import SlackApi
from bot.slack.convert import Source
from bot.slack.faults import SlackFault
from bot.slack.office import Maker, Office


class Offices(Protocol):
    """Every way out and every way in ask here, and go on with the office that they get."""

    async def of(self, source: Source) -> Office:
        """The bot there. Raises SlackFault."""
        ...

    async def close(self) -> None:
        """End calls that nobody waits for."""
        ...


class OneOffice:
    """SLACK_BOT_TOKEN: every request is that workspace's, whatever it says of itself."""

    def __init__(self, make: Maker) -> None:
        """Knows who it is after `open`."""
        self._make = make
        self._office: Office | None = None

    async def open(self) -> Office:
        """auth.test. Raises SlackFault."""
        api: SlackApi = self._make.api(self._make.config.bot_token or "")
        self._office = self._make.office(api, await api.identity())
        return self._office

    async def of(self, source: Source) -> Office:  # noqa: ARG002  (whatever it is)
        """Always the same."""
        if self._office is None:
            raise SlackFault("not_started")
        return self._office

    async def close(self) -> None:
        """Its look-ups. Until the next `open` nobody speaks there."""
        office, self._office = self._office, None
        if office is not None:
            await office.stop()


async def closed(offices: list[Office]) -> None:
    """End the look-ups of several."""
    await asyncio.gather(*(office.stop() for office in offices))

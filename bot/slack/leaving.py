"""The app was removed from a workspace, or its token was taken back: the installation is forgotten, token and all.

Jobs of that workspace wait as with any token that Slack refuses; a new installation finishes them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

from bot.errors import StoreUnavailable
from bot.slack.branches import Branches
from bot.slack.convert import Source, source_of
from bot.slack.faults import NOT_INSTALLED, TOKEN, SlackFault
from bot.slack.ports import Installations
from bot.slack.tasks import Tasks

log = structlog.get_logger(__name__)
PAUSES = (1.0, 5.0, 30.0)
"""Seconds between tries while the store is away: Slack tells of it once."""


class Leaving:
    """Listens to `app_uninstalled` and `tokens_revoked`; Bolt lets both through without an authorisation."""

    def __init__(self, store: Installations, branches: Branches, tasks: Tasks) -> None:
        """`tasks`: what goes on behind the acknowledgement."""
        self._store = store
        self._branches = branches
        self._tasks = tasks

    def register(self, app: AsyncApp) -> None:
        """Only the bot's own token counts: we keep no user's."""

        async def uninstalled(body: dict[str, Any]) -> None:
            self._tasks.start(self._forget(body), "slack uninstalled")

        async def revoked(body: dict[str, Any]) -> None:
            if (body["event"].get("tokens") or {}).get("bot"):
                self._tasks.start(self._forget(body), "slack token revoked")

        app.event("app_uninstalled")(uninstalled)
        app.event("tokens_revoked")(revoked)

    async def _forget(self, body: dict[str, Any]) -> None:
        source = source_of(body)
        gone = source.enterprise if source.org_wide or not source.team else source.team
        moment = float(body.get("event_time") or 0.0) + 1.0
        found = await self._removed(gone, moment)
        if not found and source.enterprise and await self._dead(source.enterprise):
            gone, found = source.enterprise, await self._removed(source.enterprise, moment)
        log.info("slack_uninstalled", workspace=gone, why=body["event"]["type"], known=found)

    async def _removed(self, gone: str, moment: float) -> bool:
        for pause in (*PAUSES, 0.0):
            try:
                found = await self._store.remove(gone, moment)
            except StoreUnavailable as error:
                log.warning("slack_uninstall_not_written", workspace=gone, error=str(error))
                await asyncio.sleep(pause)
            else:
                self._branches.forget(gone)
                return found
        return False

    async def _dead(self, enterprise: str) -> bool:
        """Whether the token opens nothing any more: a removal told in a workspace's name may be its whole organisation's."""
        try:
            office = await self._branches.of(Source(enterprise=enterprise, org_wide=True))
            await office.api.identity()
        except SlackFault as fault:
            return fault.code in TOKEN and fault.code != NOT_INSTALLED
        return False

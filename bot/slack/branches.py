"""An office for each installation, made when it is first needed, made anew when the installation has changed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.errors import StoreUnavailable
from bot.slack.api import Identity
from bot.slack.convert import Source
from bot.slack.faults import NOT_INSTALLED, UNREADABLE, SlackFault
from bot.slack.office import Maker, Office
from bot.slack.offices import closed
from bot.slack.ports import Installation, Installations
from bot.texts import slack_install as texts

T = TypeVar("T")
V = TypeVar("V")
log = structlog.get_logger(__name__)
FRESH = 20.0
"""Seconds for which an installation is not read again: another process may have removed or renewed it."""
MOST = 500


Key = tuple[str, str]
"""A workspace (or, where Slack names none, an organisation), and the installation that serves it."""


@dataclass(slots=True)
class _Branch:
    installation: Installation
    office: Office
    until: float = 0.0


class Branches:
    """The `Offices` of many workspaces. Of a token that Slack refused the row is read again before the next call."""

    def __init__(self, make: Maker, store: Installations, install_url: str) -> None:
        """`install_url`: where whoever runs a workspace installs the bot (again); for the log."""
        self._make = make
        self._store = store
        self._install_url = install_url
        self._keys: OrderedDict[Source, Key] = OrderedDict()
        self._branches: OrderedDict[Key, _Branch] = OrderedDict()
        self._seen: dict[str, str] = {}

    async def of(self, source: Source) -> Office:
        """A workspace's own installation goes before its organisation's, unless the request came through the latter."""
        key = self._keys.get(source)
        branch = self._branches.get(key) if key else None
        if branch is None or branch.until <= self._make.clock():
            try:
                branch = await self._read(source)
            except StoreUnavailable as error:
                raise SlackFault("store_away", details=str(error)) from error
        return branch.office

    def forget(self, installation_id: str) -> None:
        """It was installed anew, or removed: the next request reads the row."""
        for branch in self._branches.values():
            if branch.installation.id == installation_id:
                branch.until = 0.0

    async def close(self) -> None:
        """All look-ups."""
        await closed([branch.office for branch in self._branches.values()])

    async def _read(self, source: Source) -> _Branch:
        """One office for all that is asked about a workspace; it stays, with all it remembers, while its row does."""
        installation = await self._installation(source)
        key = (source.team or source.enterprise, installation.id)
        branch = self._branches.get(key)
        if branch is None or branch.installation != installation:
            branch = _Branch(installation, self._opened(installation, source))
        branch.until = self._make.clock() + FRESH
        _put(self._keys, source, key)
        _put(self._branches, key, branch)
        return branch

    async def _installation(self, source: Source) -> Installation:
        found = await self._store.find(await self._ids(source))
        if found is None:
            raise SlackFault(NOT_INSTALLED, details=source.team or source.enterprise)
        if not found.token:
            log.error("slack_token_unreadable", workspace=found.id, hint=texts.other_secret(self._install_url))
            raise SlackFault(UNREADABLE, details=found.id)
        if found.org_wide and source.team not in {"", found.id} and self._seen.get(source.team) != found.id:
            await self._store.belongs(source.team, found.id)
            self._seen[source.team] = found.id
        return found

    async def _ids(self, source: Source) -> list[str]:
        if source.org_wide and source.enterprise:
            return [source.enterprise]
        over = source.enterprise or await self._store.organisation(source.team)
        return [one for one in (source.team, over) if one]

    def _opened(self, installation: Installation, source: Source) -> Office:
        def refused(code: str) -> None:
            hint = texts.install_again(self._install_url)
            log.error("slack_token_refused", workspace=installation.id, code=code, hint=hint)
            self.forget(installation.id)

        identity = Identity(
            source.team or installation.team_id,
            installation.bot_user_id,
            installation.bot_id,
            installation.bot_name,
            installation.url,
            installation.enterprise_id,
        )
        return self._make.office(self._make.api(installation.token, refused), identity)


def _put(kept: OrderedDict[T, V], key: T, value: V) -> None:
    """The oldest go where there are too many."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST:
        kept.popitem(last=False)

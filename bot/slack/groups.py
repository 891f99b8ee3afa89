"""The workspace's user groups: which of them a person is in, and all of them to choose from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.cut import cut
from bot.jobs.ports import Clock
from bot.jobs.surface import Choice
from bot.slack.api import Json, SlackApi
from bot.slack.faults import SlackFault

log = structlog.get_logger(__name__)
FRESH, AGAIN = 300.0, 60.0
"""Seconds until the list is asked for anew, after an answer and after a failure (usergroups.list is Tier 2: 20 a minute)."""
SECONDS = 1.0
"""An ask waits no longer: a modal must open within three seconds of it."""
NEVER = frozenset({"missing_scope", "plan_upgrade_required"})
"""This workspace gives us no groups: the optional scope was refused, or the plan has none."""


@dataclass(frozen=True, slots=True)
class Group:
    """One user group."""

    id: str
    name: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    groups: Sequence[Group] = ()


class Groups:
    """usergroups.list behind a cache. A list that cannot be had anew is used on; where none was ever had, there are none."""

    def __init__(self, api: SlackApi, clock: Clock, seconds: float = SECONDS) -> None:
        """`seconds`: how long a caller waits at most; the call itself goes on and fills the cache."""
        self._api = api
        self._clock = clock
        self._seconds = seconds
        self._known: dict[str, _Known] = {}
        self._calls: dict[str, asyncio.Task[None]] = {}
        self._told = False

    async def of(self, team: str, user_id: str) -> tuple[str, ...]:
        """The ids of the groups that the person is in. Never raises."""
        return tuple(group.id for group in await self._groups(team) if user_id in group.people)

    async def choices(self, team: str) -> tuple[Choice, ...]:
        """All groups, by name. Never raises."""
        found = sorted(await self._groups(team), key=lambda group: group.name.casefold())
        return tuple(Choice(group.id, group.name) for group in found)

    async def stop(self) -> None:
        """End calls that nobody waits for."""
        await cut(self._calls.values())

    async def _groups(self, team: str) -> Sequence[Group]:
        known = self._known.get(team)
        if known is not None and known.until > self._clock():
            return known.groups
        if team not in self._calls:
            self._calls[team] = asyncio.create_task(self._refresh(team), name="slack user groups")
        await asyncio.wait({self._calls[team]}, timeout=self._seconds)
        return self._known.get(team, _Known(0.0)).groups

    async def _refresh(self, team: str) -> None:
        try:
            found = [_read(group) for group in await self._api.user_groups(team)]
            self._known[team] = _Known(self._clock() + FRESH, found)
        except SlackFault as fault:
            self._failed(team, fault)
        finally:
            del self._calls[team]

    def _failed(self, team: str, fault: SlackFault) -> None:
        if fault.code in NEVER:
            self._known[team] = _Known(self._clock() + FRESH)
            if not self._told:
                log.warning("slack_no_user_groups", team=team, fault=fault.code, needed=fault.details)
            self._told = True
            return
        log.warning("slack_user_groups_unread", team=team, fault=fault.code)
        held = self._known.get(team, _Known(0.0)).groups
        self._known[team] = _Known(self._clock() + (fault.retry_after or AGAIN), held)


def _read(group: Json) -> Group:
    name = group.get("name") or group.get("handle") or group["id"]
    return Group(str(group["id"]), str(name), frozenset(map(str, group.get("users") or [])))

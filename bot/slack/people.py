"""What Slack says about a person: name, language, and whether they run the workspace. Kept for a few minutes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import structlog

from bot.cut import cut
from bot.jobs.ports import Clock
from bot.slack.api import SlackApi
from bot.slack.faults import SlackFault

log = structlog.get_logger(__name__)
FRESH = 300.0
MOST = 2000
SECONDS = 1.0
"""A look-up may not eat the three seconds in which a modal can be opened."""
RANKS = ("is_admin", "is_owner", "is_primary_owner")


@dataclass(frozen=True, slots=True)
class Person:
    """`name` empty: not known. `runs`: admin, owner or primary owner of the workspace; nobody is on a failed look-up.

    `unsure`: Slack did not say just now, and may a little later.
    """

    name: str = ""
    runs: bool = False
    locale: str = ""
    unsure: bool = False


UNSURE = Person(unsure=True)


class People:
    """users.info behind a small cache. While Slack limits it nobody is asked for: a crowd would prolong the limit."""

    def __init__(self, api: SlackApi, clock: Clock, seconds: float = SECONDS) -> None:
        """`clock`: unix seconds; `seconds`: how long an ask waits at most; the look-up goes on and fills the cache."""
        self._api = api
        self._clock = clock
        self._seconds = seconds
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._calls: dict[str, asyncio.Task[Person]] = {}
        self._pause = 0.0

    async def person(self, user_id: str) -> Person:
        """Never raises and never takes longer than a second. All who ask for one person at once share a look-up."""
        until, person = self._known.get(user_id, (0.0, UNSURE))
        if until > self._clock() or (user_id not in self._calls and self._clock() < self._pause):
            return person
        if user_id not in self._calls:
            self._calls[user_id] = asyncio.create_task(self._look_up(user_id, person), name="slack user")
        call = self._calls[user_id]
        await asyncio.wait({call}, timeout=self._seconds)
        return call.result() if call.done() and not call.cancelled() else person

    async def stop(self) -> None:
        """End look-ups that nobody waits for."""
        await cut(self._calls.values())

    async def _look_up(self, user_id: str, held: Person) -> Person:
        """What was known before stays where Slack does not answer."""
        try:
            found = _read(await self._api.user(user_id))
        except SlackFault as fault:
            log.warning("slack_user_unknown", fault=fault.code, needed=fault.details)
            if fault.retry_after is not None:
                self._pause = max(self._pause, self._clock() + fault.retry_after)
            return Person() if held.unsure and not fault.away else held
        finally:
            del self._calls[user_id]
        self._keep(user_id, found)
        return found

    def _keep(self, user_id: str, found: Person) -> None:
        self._known[user_id] = (self._clock() + FRESH, found)
        self._known.move_to_end(user_id)
        while len(self._known) > MOST:
            self._known.popitem(last=False)


def _read(user: dict[str, Any]) -> Person:
    profile, org = user.get("profile") or {}, user.get("enterprise_user") or {}
    name = profile.get("display_name") or user.get("real_name") or user.get("name") or ""
    runs = not user.get("is_stranger") and any(user.get(rank) or org.get(rank) for rank in RANKS)
    return Person(str(name), runs, str(user.get("locale") or ""))

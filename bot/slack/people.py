"""What Slack says about a person: name, language, and whether they run the workspace. Kept for a few minutes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import structlog

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
    """`name` empty: not known. `runs`: admin, owner or primary owner of the workspace; nobody is on a failed look-up."""

    name: str = ""
    runs: bool = False
    locale: str = ""


class People:
    """users.info behind a small cache."""

    def __init__(self, api: SlackApi, clock: Clock) -> None:
        """`clock`: unix seconds."""
        self._api = api
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    async def person(self, user_id: str) -> Person:
        """Never raises and never takes longer than a second."""
        until, person = self._known.get(user_id, (0.0, Person()))
        if until > self._clock():
            return person
        try:
            found = _read(await self._api.user(user_id, SECONDS))
        except SlackFault as fault:
            log.warning("slack_user_unknown", fault=fault.code, needed=fault.details)
            return person
        self._known[user_id] = (self._clock() + FRESH, found)
        self._known.move_to_end(user_id)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return found


def _read(user: dict[str, Any]) -> Person:
    profile, org = user.get("profile") or {}, user.get("enterprise_user") or {}
    name = profile.get("display_name") or user.get("real_name") or user.get("name") or ""
    runs = not user.get("is_stranger") and any(user.get(rank) or org.get(rank) for rank in RANKS)
    return Person(str(name), runs, str(user.get("locale") or ""))

"""Jobs to put into a store."""

from __future__ import annotations

import itertools

from bot.jobs.model import Action, Job, JobState, Request, new_id
from bot.jobs.place import Actor, Place, Platform
from providers.base import Params, Size

_keys = itertools.count()


def new_job(user: str = "ann", *, at: float = 1_000_000.0, units: int = 4, action: Action = Action.IMAGINE, parent: str = "",
            index: int = 0, community: str = "guild", ping: bool = False) -> Job:  # fmt: skip
    """A job nobody has accepted yet."""
    return Job(
        id=new_id(), action=action, state=JobState.NEW, actor=Actor(Platform.PLAYGROUND, user, user.title()),
        place=Place(Platform.PLAYGROUND, "hall", community), request=Request("a fox", "a fox", Params(), Size(64, 64)),
        units=units, provider="fake", created_at=at, parent_id=parent, parent_index=index, ping=ping,
    )  # fmt: skip


def key() -> str:
    """A request key that was never used."""
    return f"request-{next(_keys)}"

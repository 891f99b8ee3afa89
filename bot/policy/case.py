"""One ask at the gate, what a check may use, and what it can answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.jobs.place import Actor, Place
from bot.policy.community import Community, Feature
from bot.policy.moderation import Moderation
from bot.policy.ports import PolicyStore
from bot.policy.records import Cause


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody asks for.

    `features`: what it makes use of; `text`: the prompt without parameters; `now`: unix seconds.
    """

    actor: Actor
    place: Place
    community: Community
    features: frozenset[Feature]
    text: str
    now: float
    has_image: bool = False

    @property
    def key(self) -> str:
        """The community's key; empty in DMs."""
        return self.place.community


@dataclass(frozen=True, slots=True)
class Tools:
    """The ports that checks may ask. `moderation`: None where no service is configured.

    `direct`: whether people may draw where no community's settings hold: DMs, places that the app reaches by a user alone,
    keys of the job API that were made for no community.
    """

    store: PolicyStore
    moderation: Moderation | None = None
    direct: bool = True


@dataclass(frozen=True, slots=True)
class No:
    """Not here, not so, not now. `check`: its name; `sentence`: for the user: why, and what to do; `detail`: for the log.

    `wait`: seconds after which it may be yes, where that is known.
    """

    check: str
    sentence: str
    detail: str = ""
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A moderator must agree first. `text`: what they should know."""

    cause: Cause
    text: str = ""


Opinion = No | Hold | None
Check = Callable[[Tools, Case], Awaitable[Opinion]]
"""One check: None lets through."""

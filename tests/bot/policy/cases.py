"""Cases for the gate's checks, and a store that is asked nothing it has not been told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.jobs.place import Actor, Place, Platform
from bot.policy.case import Case
from bot.policy.community import Community, Feature
from tests.support.policy import NOW

ANN = Actor(Platform.PLAYGROUND, "ann", "Ann")
HALL = Place(Platform.PLAYGROUND, "hall", "guild")
DM = Place(Platform.PLAYGROUND, "dm")
MODERATOR = replace(ANN, moderator=True)
NAMED = replace(ANN, roles=("wardens",))
"""A moderator by a role that the community has named."""


def case(text: str = "a fox", *, actor: Actor = ANN, place: Place = HALL, now: float = NOW, has_image: bool = False,
         features: frozenset[Feature] = frozenset({Feature.IMAGINE}), **settings: Any) -> Case:  # fmt: skip
    """Ann asks for a fox in the hall of a community that is set so."""
    community = Community(moderators=("wardens",), **settings)
    return Case(actor, place, community, features, text, now, has_image)

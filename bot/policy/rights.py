"""Who may moderate and who may set things: the platform's ranks, and the roles that the community named besides."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.place import Actor
from bot.policy.community import Community


def is_admin(actor: Actor, community: Community) -> bool:
    """May change the settings here."""
    return actor.admin or shares(actor.roles, community.admins)


def is_moderator(actor: Actor, community: Community) -> bool:
    """May decide reviews, delete, block and grant here. Who may set things may do that, too."""
    return actor.moderator or is_admin(actor, community) or shares(actor.roles, community.moderators)


def shares(roles: Sequence[str], listed: Sequence[str]) -> bool:
    """Whether one of these roles is listed."""
    return not set(roles).isdisjoint(listed)

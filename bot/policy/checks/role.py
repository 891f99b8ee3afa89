"""Roles and groups that may draw."""

from __future__ import annotations

from bot.policy.case import Case, No, Opinion, Tools
from bot.policy.rights import is_moderator, shares
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """Those with a listed role or group, and moderators; everybody if none is listed."""
    del tools
    listed = case.community.roles
    if not listed or shares(case.actor.roles, listed) or is_moderator(case.actor, case.community):
        return None
    return No("role", texts.role(listed))

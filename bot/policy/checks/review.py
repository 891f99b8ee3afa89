"""What a moderator must agree to before it is drawn."""

from __future__ import annotations

from bot.policy.case import Case, Hold, Opinion, Tools
from bot.policy.community import ReviewMode
from bot.policy.records import Cause
from bot.policy.rights import is_moderator


async def check(tools: Tools, case: Case) -> Opinion:
    """Everything, or the first jobs of a user; moderators' own need no moderator. What was flagged: the moderation check."""
    mode = case.community.review
    if mode not in {ReviewMode.NEW_USERS, ReviewMode.EVERYTHING} or is_moderator(case.actor, case.community):
        return None
    if mode is ReviewMode.EVERYTHING:
        return Hold(Cause.EVERYTHING)
    first = case.community.review_first
    known = await tools.store.delivered(case.key, case.actor.key, first) >= first
    return None if known else Hold(Cause.NEW_USER)

"""The pause between two jobs of a user."""

from __future__ import annotations

import math

from bot.policy.case import Case, No, Opinion, Tools
from bot.policy.rights import is_moderator
from bot.texts import gate as texts


def pause_for(case: Case) -> int:
    """Seconds that this asker has to wait between two jobs here; 0: none."""
    return 0 if not case.key or is_moderator(case.actor, case.community) else case.community.cooldown


async def check(tools: Tools, case: Case) -> Opinion:
    """Seconds between two jobs of a user here; moderators need not wait."""
    pause = pause_for(case)
    if not pause:
        return None
    last = await tools.store.last_accepted(case.key, case.actor.key)
    left = 0 if last is None else math.ceil(min(last, case.now) + pause - case.now)
    return No("cooldown", texts.cooldown(left, pause), detail=f"{left} s left", wait=left) if left > 0 else None

"""Users who are blocked here."""

from __future__ import annotations

from bot.policy.case import Case, No, Opinion, Tools
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """Until the block ends or is lifted; says until when and why."""
    block = await tools.store.block_of(case.key, case.actor.key, case.now)
    if block is None:
        return None
    return No("blocked", texts.blocked(block.until, block.reason), detail=block.reason)

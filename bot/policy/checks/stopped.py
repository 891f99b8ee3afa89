"""A moderator has stopped everything here."""

from __future__ import annotations

from bot.policy.case import Case, No, Opinion, Tools
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """Nobody draws until it is resumed, moderators neither."""
    del tools
    return No("stopped", texts.STOPPED) if case.community.stopped else None

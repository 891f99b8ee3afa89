"""Drawing for age-restricted channels only."""

from __future__ import annotations

from bot.policy.case import Case, No, Opinion, Tools
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """Only where the platform says that a channel is age-restricted, if the community wants it so."""
    del tools
    return No("age", texts.AGE) if case.community.adult_only and not case.place.adult else None

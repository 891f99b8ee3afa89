"""The longest prompt of this community."""

from __future__ import annotations

from bot.policy.case import Case, No, Opinion, Tools
from bot.texts import gate as texts


async def check(tools: Tools, case: Case) -> Opinion:
    """Characters, without parameters."""
    del tools
    length, most = len(case.text), case.community.prompt_longest
    return No("length", texts.too_long(length, most), detail=f"{length} characters") if 0 < most < length else None

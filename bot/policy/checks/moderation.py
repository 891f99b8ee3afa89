"""What the moderation service thinks of the prompt."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.policy.case import Case, Hold, No, Opinion, Tools
from bot.policy.community import ReviewMode, WhenDown
from bot.policy.levels import MINORS, flagged
from bot.policy.records import Cause, Entry, What
from bot.policy.together import PartlyDown
from bot.texts import gate as texts
from providers.errors import ProviderError

log = structlog.get_logger()
NAME = "moderation"
TOLD_SECONDS = 600.0
"""That the service is down stands in the audit log once in so many seconds."""


async def check(tools: Tools, case: Case) -> Opinion:
    """Flagged: refused, or held where moderators review; no answer: the community's choice."""
    service = tools.moderation
    if service is None or not service.texts or not case.text.strip():
        return None
    try:
        scores = await service.text(case.text)
    except ProviderError as error:
        worst = _judge(case, error.scores) if isinstance(error, PartlyDown) else None
        return await _down(tools, case, error) if worst is None else worst
    return _judge(case, scores)


def _judge(case: Case, scores: Mapping[str, float]) -> Opinion:
    found = flagged(scores, case.community.level, adult=case.place.adult)
    if not found:
        return None
    detail = ", ".join(f"{name} {scores[name]:.2f}" for name in found)
    if MINORS in found or case.community.review is ReviewMode.OFF:
        return No(NAME, texts.flagged(found), detail=detail)
    return Hold(Cause.PROMPT, detail)


async def _down(tools: Tools, case: Case, error: ProviderError) -> Opinion:
    log.error("moderation down", family=error.family.value, error=error.text)
    once = f"{What.MODERATION_DOWN}:{case.key}:{int(case.now // TOLD_SECONDS)}"
    text = texts.down(error.text, holds=case.community.when_down is WhenDown.HOLD)
    await tools.store.record(Entry(case.key, What.MODERATION_DOWN, text=text, once=once))
    return Hold(Cause.DOWN) if case.community.when_down is WhenDown.HOLD else None

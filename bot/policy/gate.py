"""The gate: one ordered list of checks before a job is accepted. The first No wins; reasons to wait are gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.policy.case import Case, Check, Hold, No, Tools
from bot.policy.checks import (
    age,
    blocked,
    channel,
    cooldown,
    feature,
    length,
    moderation,
    review,
    role,
    rules,
    stopped,
)
from bot.policy.community import Community

EARLY: tuple[tuple[str, Check], ...] = (
    ("stopped", stopped.check),
    ("blocked", blocked.check),
    ("feature", feature.check),
    ("channel", channel.check),
    ("role", role.check),
    ("age", age.check),
    ("cooldown", cooldown.check),
    ("length", length.check),
)
"""They cost nothing outside: asked once more, and first, before a user's picture is fetched."""
CHECKS: tuple[tuple[str, Check], ...] = (
    *EARLY,
    ("rules", rules.check),
    ("moderation", moderation.check),
    ("review", review.check),
)
"""All of them, in the order in which a refusal is told."""
EVERYWHERE = frozenset({"channel", "moderation"})
"""What is asked in DMs, too, where no moderator has set anything."""


async def ask(tools: Tools, case: Case) -> No | tuple[Hold, ...]:
    """May this become a job? No, or yes: at once, or after a moderator agreed (the holds, most important first)."""
    return await _through(CHECKS, tools, case)


async def early(tools: Tools, case: Case) -> No | tuple[Hold, ...]:
    """The same by the checks that cost nothing outside."""
    return await _through(EARLY, tools, case)


async def _through(checks: Sequence[tuple[str, Check]], tools: Tools, case: Case) -> No | tuple[Hold, ...]:
    here = case if case.key else replace(case, community=Community())
    holds: list[Hold] = []
    for name, check in checks:
        opinion = await check(tools, here) if here.key or name in EVERYWHERE else None
        if isinstance(opinion, No):
            return opinion
        if opinion is not None:
            holds.append(opinion)
    return tuple(holds)

"""Whose limits count for a user in a place: their own, their best tier's, the community's, the deployment's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.jobs.acceptance import Caps
from bot.policy.community import Community, Tier
from bot.policy.records import Override


def caps_for(base: Caps, community: Community, override: Override, roles: Sequence[str]) -> Caps:
    """Each cap by itself: override, else the best tier of `roles`, else the community's, else `base`.

    A 0 in a tier or in the community sets no limit of its own, so the next one counts. A 0 in an override is meant:
    no pictures at all a day, or no monthly cap (as in `Caps`).
    """
    tiers = tiers_of(community, roles)
    daily = _best(tier.daily for tier in tiers) or community.daily or base.daily
    monthly = _best(tier.monthly for tier in tiers) or community.monthly or base.monthly
    return replace(
        base,
        daily=daily if override.daily is None else override.daily,
        monthly=monthly if override.monthly is None else override.monthly,
        user_running=_best(tier.running for tier in tiers) or base.user_running,
        user_waiting=_best(tier.waiting for tier in tiers) or base.user_waiting,
        budget=community.budget,
    )


def tiers_of(community: Community, roles: Sequence[str]) -> tuple[Tier, ...]:
    """The tiers that somebody with these roles or groups is in."""
    return tuple(tier for tier in community.tiers if tier.role in roles)


def _best(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)

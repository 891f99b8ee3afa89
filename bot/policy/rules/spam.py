"""The same prompt again and again: which asks count."""

from __future__ import annotations

from collections.abc import Collection

from bot.policy.community import Feature

DRAWN_ANEW = frozenset({Feature.IMAGINE, Feature.REROLL, Feature.REMIX})


def counts(features: Collection[Feature], text: str) -> bool:
    """A prompt drawn anew; not an upscale or a variation, which carry their parent's prompt."""
    return bool(text.strip()) and not DRAWN_ANEW.isdisjoint(features)

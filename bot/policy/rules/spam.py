"""The same prompt again and again: which asks count."""

from __future__ import annotations

from collections.abc import Collection

from bot.policy.case import Case
from bot.policy.community import Feature

DRAWN_ANEW = frozenset({Feature.IMAGINE, Feature.REROLL, Feature.REMIX})


def counts(features: Collection[Feature], text: str) -> bool:
    """A prompt drawn anew; not an upscale or a variation, which carry their parent's prompt."""
    return bool(text.strip()) and not DRAWN_ANEW.isdisjoint(features)


def most(case: Case) -> int:
    """How often this asker may have this prompt drawn here within `SPAM_SECONDS`; 0: any number of times."""
    return case.community.spam_repeats if case.key and counts(case.features, case.text) else 0

"""What a moderator types, as it is kept."""

from __future__ import annotations

from bot.policy.records import RuleKind
from bot.policy.rules.book import make


def usable(kind: RuleKind, pattern: str) -> str:
    """The pattern as it is kept. Raises ValueError with one sentence for one that could never match, or not be read."""
    return make(kind, pattern).pattern

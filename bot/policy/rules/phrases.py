"""Listed phrases: whole words in a row, whatever signs stand between them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.policy.rules import words
from bot.policy.rules.normal import View
from bot.texts import gate as texts


def check(pattern: str) -> None:
    """Raises ValueError with one sentence for what has no words."""
    if not words.prepared(pattern):
        raise ValueError(texts.NO_LETTERS)


def matches(pattern: str, views: Sequence[View]) -> bool:
    """Whether the words stand in a row in one of the views."""
    return words.matches(pattern, views)

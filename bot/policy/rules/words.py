"""Listed words: whole ones only, so that a word which merely contains a listed one is innocent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.policy.rules.normal import View, needles
from bot.texts import gate as texts

WORD = re.compile(r"[\w]+(?:['’\-][\w]+)*")


def check(pattern: str) -> None:
    """Raises ValueError with one sentence for what is no word."""
    if not WORD.fullmatch(pattern):
        raise ValueError(texts.ONE_WORD)
    if not prepared(pattern):
        raise ValueError(texts.NO_LETTERS)


def matches(pattern: str, views: Sequence[View]) -> bool:
    """Whether the word stands in one of the views."""
    return any(view.says(needle) for needle in prepared(pattern) for view in views)


@lru_cache(maxsize=4096)
def prepared(pattern: str) -> tuple[str, ...]:
    """The word as views have it."""
    return needles(pattern)

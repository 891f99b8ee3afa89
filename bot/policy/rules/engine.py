"""RE2 behind types of our own: regular expressions that cannot hang, whoever wrote them. The library has no type hints."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, cast

import re2

from bot.texts import gate as texts

MEMORY = 1 << 20
"""Bytes that one compiled expression and its automaton may take."""
BIGGEST = 3000
"""Instructions of one compiled expression: the time of a search is at most this times the length of the text."""
CACHED = 1000
"""As many as a list may have: with fewer, a long list would be compiled anew for every prompt."""


class Expression(Protocol):
    """A compiled expression."""

    @property
    def programsize(self) -> int:
        """Its instructions."""
        ...

    def search(self, text: str) -> object | None:
        """Where it first matches; None for nowhere."""
        ...


@lru_cache(maxsize=CACHED)
def compiled(pattern: str) -> Expression:
    """Without regard to case. Raises ValueError with one sentence for what cannot be read or is too big."""
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.case_sensitive = False
    try:
        expression = cast("Expression", re2.compile(pattern, options))
    except re2.error as error:
        why = error.args[0] if error.args else ""
        words = why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)
        raise ValueError(texts.NO_MEMORY if "too large" in words else texts.bad_pattern(words)) from error
    except UnicodeEncodeError as error:
        raise ValueError(texts.bad_pattern("half a character stands in it")) from error
    if expression.programsize > BIGGEST:
        raise ValueError(texts.NO_MEMORY)
    return expression


def found(pattern: str, text: str) -> bool:
    """Whether it matches anywhere. Half surrogate pairs are read as "?"."""
    return compiled(pattern).search(text.encode("utf-8", "replace").decode("utf-8")) is not None

"""Listed regular expressions (RE2): searched in the prompt as typed and in each of its readings, without case."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.policy.rules import engine
from bot.texts import gate as texts

log = structlog.get_logger()


def check(pattern: str) -> None:
    """Raises ValueError with one sentence for what is no usable expression."""
    if engine.found(pattern, ""):
        raise ValueError(texts.MATCHES_ALL)


def matches(pattern: str, readings: Sequence[str]) -> bool:
    """Whether it matches one of the readings. One that the engine no longer takes is logged, and stops nobody."""
    try:
        return any(engine.found(pattern, text) for text in readings)
    except ValueError as error:
        log.warning("a stored rule can't be read", pattern=pattern, error=str(error))
        return False

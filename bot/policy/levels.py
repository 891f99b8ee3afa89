"""How sure the moderation must be before something counts as flagged: a threshold per category and level.

Categories: OpenAI's moderation endpoint names them (developers.openai.com/docs/guides/moderation); its scores are not
calibrated probabilities, so the figures are a choice: STANDARD is near the endpoint's own `flagged`, STRICT flags at
half of that, RELAXED leaves alone what an age-restricted channel is for. A category nobody listed here counts as OTHER.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy.community import Level

MINORS = "sexual/minors"
"""Never let through: one low threshold on every level, and no moderator can approve a prompt that has it."""
MINORS_AT = 0.2
OTHER = "other"
NEVER = 2.0
"""A threshold that no score reaches."""
_ORDER = (Level.STRICT, Level.STANDARD, Level.RELAXED)
_TABLE: Mapping[str, tuple[float, float, float]] = {
    "sexual": (0.25, 0.5, NEVER),
    MINORS: (MINORS_AT, MINORS_AT, MINORS_AT),
    "harassment": (0.4, 0.7, 0.9),
    "harassment/threatening": (0.3, 0.6, 0.8),
    "hate": (0.3, 0.5, 0.7),
    "hate/threatening": (0.2, 0.4, 0.6),
    "illicit": (0.4, 0.7, 0.9),
    "illicit/violent": (0.3, 0.5, 0.7),
    "self-harm": (0.3, 0.5, 0.7),
    "self-harm/intent": (0.3, 0.5, 0.7),
    "self-harm/instructions": (0.2, 0.4, 0.5),
    "violence": (0.4, 0.8, 0.95),
    "violence/graphic": (0.3, 0.6, 0.9),
    OTHER: (0.4, 0.7, 0.9),
}


def level_in(level: Level, *, adult: bool) -> Level:
    """The level that holds in a channel: RELAXED only where it is age-restricted."""
    return Level.STANDARD if level is Level.RELAXED and not adult else level


def threshold(category: str, level: Level) -> float:
    """From which score on (0.0-1.0) the category is flagged."""
    return _TABLE.get(category, _TABLE[OTHER])[_ORDER.index(level)]


def flagged(scores: Mapping[str, float], level: Level, *, adult: bool = False) -> tuple[str, ...]:
    """The categories that are too much here, in order of name. `adult`: an age-restricted channel."""
    holds = level_in(level, adult=adult)
    return tuple(sorted(name for name, score in scores.items() if score >= threshold(name, holds)))

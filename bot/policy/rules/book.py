"""The rulebook of a community: which rule a prompt breaks, and what may become a rule."""

from __future__ import annotations

from collections.abc import Sequence

from bot.policy.records import Rule, RuleKind
from bot.policy.rules import patterns, phrases, words
from bot.policy.rules.normal import readings, views
from bot.texts import gate as texts

PATTERN_LONGEST = 500
REASON_LONGEST = 300
"""Characters."""


def broken(rules: Sequence[Rule], text: str) -> Rule | None:
    """The first rule that the prompt breaks."""
    if not rules or not text.strip():
        return None
    seen = views(text)
    read = (text, *readings(text), *(view.joined for view in seen))
    for rule in rules:
        regex = rule.kind is RuleKind.REGEX
        if patterns.matches(rule.pattern, read) if regex else words.matches(rule.pattern, seen):
            return rule
    return None


def make(kind: RuleKind, pattern: str, reason: str = "") -> Rule:
    """A rule to be stored (its id is the store's). Raises ValueError with one sentence."""
    pattern = pattern.strip() if kind is RuleKind.REGEX else " ".join(pattern.split())
    reason = " ".join(reason.split())
    if not pattern:
        raise ValueError(texts.NO_PATTERN)
    if len(pattern) > PATTERN_LONGEST:
        raise ValueError(texts.pattern_long(len(pattern), PATTERN_LONGEST))
    if len(reason) > REASON_LONGEST:
        raise ValueError(texts.reason_long(len(reason), REASON_LONGEST))
    check = {RuleKind.WORD: words.check, RuleKind.PHRASE: phrases.check, RuleKind.REGEX: patterns.check}[kind]
    check(pattern)
    return Rule(0, kind, pattern, reason)

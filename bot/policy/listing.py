"""Rules as text, one a line, to take from one community to another: `word foo # reason`.

A pattern that has a "#", begins with a quotation mark or has signs that can't be seen stands in JSON quotes.
Empty lines and lines that begin with "#" are notes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from bot.policy.records import Rule, RuleKind
from bot.policy.rules.book import make
from bot.texts import gate as texts

MOST = 1000
"""Rules in one list."""
FAULTS = 5
"""So many lines that can't be read are named."""
REASON = re.compile(r"\s+#(?:\s+|$)")


def write_rules(rules: Iterable[Rule]) -> str:
    """The list; empty for no rules."""
    return "".join(f"{_line(rule)}\n" for rule in rules)


def read_rules(text: str) -> list[Rule]:
    """The rules of a list, with id 0. Raises ValueError: a sentence for each line that can't be read."""
    rules, faults = [], []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        try:
            rules.append(_rule(stripped))
        except ValueError as error:
            faults.append(texts.line(number, str(error)))
    if len(rules) > MOST:
        faults.append(texts.too_many(len(rules), MOST))
    if faults:
        more = [texts.more_lines(len(faults) - FAULTS)] if len(faults) > FAULTS else []
        raise ValueError("\n".join([*faults[:FAULTS], *more]))
    return rules


def _line(rule: Rule) -> str:
    plain = rule.pattern.isprintable() and "#" not in rule.pattern and not rule.pattern.startswith('"')
    pattern = rule.pattern if plain else json.dumps(rule.pattern)
    return f"{rule.kind} {pattern} # {rule.reason}" if rule.reason else f"{rule.kind} {pattern}"


def _rule(line: str) -> Rule:
    word, _, rest = line.partition(" ")
    if word.lower() not in set(RuleKind):
        raise ValueError(texts.KINDS)
    kind, rest = RuleKind(word.lower()), rest.strip()
    if rest.startswith('"'):
        pattern, reason = _quoted(rest)
    else:
        pattern, reason = (*REASON.split(rest, maxsplit=1), "")[:2]
    return make(kind, pattern, reason)


def _quoted(rest: str) -> tuple[str, str]:
    try:
        pattern, end = json.JSONDecoder().raw_decode(rest)
    except ValueError as error:
        raise ValueError(texts.BAD_QUOTES) from error
    behind = rest[end:].strip()
    if behind and not re.match(r"#(?:\s|$)", behind):
        raise ValueError(texts.BAD_QUOTES)
    return str(pattern), behind[1:]

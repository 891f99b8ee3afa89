"""The community's rules: words, links, spam."""

from __future__ import annotations

import asyncio

from bot.policy.case import Case, No, Opinion, Tools
from bot.policy.community import SPAM_SECONDS
from bot.policy.records import Rule, RuleKind
from bot.policy.rules import book, links, spam
from bot.texts import gate as texts

NAME = "rules"
MANY = 20
"""A list of so many rules, or one with an expression, is read in a thread: others should not wait for it."""


async def check(tools: Tools, case: Case) -> Opinion:
    """Those that need no store first."""
    community = case.community
    if not community.links and links.has_link(case.text):
        return No(NAME, texts.LINKS, detail="link")
    broken = await _broken(await tools.store.rules(case.key), case.text)
    if broken is not None:
        return No(NAME, texts.rule(broken.reason), detail=f"{broken.kind} {broken.pattern}")
    return await _spam(tools, case)


async def _broken(rules: list[Rule], text: str) -> Rule | None:
    if len(rules) < MANY and all(rule.kind is not RuleKind.REGEX for rule in rules):
        return book.broken(rules, text)
    return await asyncio.to_thread(book.broken, rules, text)


async def _spam(tools: Tools, case: Case) -> Opinion:
    most = spam.most(case)
    if not most:
        return None
    times = await tools.store.repeats(case.key, case.actor.key, case.text, case.now - SPAM_SECONDS)
    if times < most:
        return None
    return No(NAME, texts.spam(times, int(SPAM_SECONDS // 60)), detail=f"the same prompt {times} times")

"""Text between people and Slack: into Slack so that nothing is parsed, out of Slack as it was typed."""

from __future__ import annotations

import html
import re
import unicodedata

from bot.jobs.mentions import spoken

JOINER = "\u2060"
"""Word joiner: invisible and without width."""
LIVE = re.compile(r"[*_~`|]|&gt;")
"""What mrkdwn gives a meaning to; a line that begins with the escaped `>` is still a quote."""
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Direction overrides: they would turn the rest of a line around."""
MARKUP = re.compile(r"<([@#!]|https?://|mailto:)([^<>|]*)(?:\|([^<>]*))?>")
ENTITIES = re.compile(r"&(?:lt|gt|amp);")


def clean(text: str) -> str:
    """Without control characters (newline and tab stay) and direction overrides."""
    return "".join(c for c in text if c in "\n\t" or (c not in BIDI and unicodedata.category(c) not in {"Cc", "Cs"}))


def flat(text: str) -> str:
    """Clean text for places that hold characters alone: channels and roles by their ids."""
    return clean(spoken(text))


def escaped(text: str) -> str:
    """For a `text` field, which Slack parses: no mention, no link and no mark-up comes from it."""
    safe = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LIVE.sub(lambda found: f"{JOINER}{found[0]}{JOINER}", safe).replace("@", f"@{JOINER}")


def plain(text: str) -> str:
    """What a person typed, from Slack's escaped form: mentions and channels by name, links as their address."""
    return ENTITIES.sub(lambda found: html.unescape(found[0]), MARKUP.sub(_named, text)).strip()


def cut(text: str, most: int) -> str:
    """At most `most` characters, with an ellipsis where something is missing."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _named(found: re.Match[str]) -> str:
    kind, body, label = found.groups()
    if kind.startswith("http"):
        return f"{kind}{body}"
    if kind == "!":
        return f"@{(label or body).removeprefix('@')}"
    return (label or body) if kind == "mailto:" else f"{kind}{label or body}"

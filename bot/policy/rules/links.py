"""Links in prompts: addresses with a scheme or www, invites, and bare names of well-known endings."""

from __future__ import annotations

import re

from bot.policy.rules.normal import folded

ENDINGS = "com|net|org|info|gg|io|co|me|tv|xyz|app|dev|link|site|online|shop|ly|ru|de|uk|fr|cn|eu|us"
LINK = re.compile(
    r"[a-z][a-z0-9+.\-]{1,20}://\S"
    r"|\bwww\.\S"
    rf"|\b[a-z0-9][a-z0-9\-]{{0,62}}\.(?:{ENDINGS})\b(?![.\-]?\w)"
    r"|\b[a-z0-9][a-z0-9\-]{0,62}\.[a-z]{2,24}/\w"
)


def has_link(text: str) -> bool:
    """Whether somebody could follow something in it."""
    return LINK.search(folded(text)) is not None

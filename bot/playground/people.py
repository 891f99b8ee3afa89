"""Who speaks: on the playground a person is a name that somebody chose in the page. It is a stage, not a login."""

from __future__ import annotations

import re
import unicodedata

from bot.jobs.model import Actor, Platform

LONGEST = 32


def actor(name: str, *, moderator: bool = False) -> Actor:
    """The person of that name; names that differ in case, accents' encoding or punctuation are one person.

    Raises ValueError for a name without a letter or digit, or over 32 characters.
    """
    shown = " ".join("".join(c for c in unicodedata.normalize("NFKC", name) if c.isprintable()).split())
    user_id = re.sub(r"[\W_]+", "-", shown.casefold()).strip("-")
    if not user_id or len(shown) > LONGEST:
        raise ValueError("no usable name")
    return Actor(Platform.PLAYGROUND, user_id, shown, moderator=moderator)

"""Who speaks: on the playground a person is a name that somebody chose in the page. It is a stage, not a login."""

from __future__ import annotations

import re
import unicodedata

from bot.jobs.place import Actor, Platform

LONGEST = 32
MOST_ROLES = 20


def actor(name: str, *, moderator: bool = False, roles: tuple[str, ...] = ()) -> Actor:
    """The person of that name; names that differ in case, accents' encoding or punctuation are one person.

    A moderator here is an admin, too: the page has one switch.
    Raises ValueError for a name without a letter or digit, or over 32 characters.
    """
    shown = " ".join("".join(c for c in unicodedata.normalize("NFKC", name) if c.isprintable()).split())
    user_id = re.sub(r"[\W_]+", "-", shown.casefold()).strip("-")
    if not user_id or len(shown) > LONGEST:
        raise ValueError("no usable name")
    return Actor(Platform.PLAYGROUND, user_id, shown, moderator=moderator, admin=moderator, roles=roles)


def read_roles(typed: str) -> tuple[str, ...]:
    """Role words as typed in the page, "artists, VIP": each once, in small letters, at most 20 of 32 characters."""
    words = dict.fromkeys(word[:LONGEST] for word in re.split(r"[\s,@]+", typed.lower()) if word)
    return tuple(words)[:MOST_ROLES]

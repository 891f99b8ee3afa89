"""Who a new message notifies (Discord docs, "Allowed Mentions Object")."""

from __future__ import annotations

import re

from tests.fakes.discord.errors import Json, Problem

MENTION = re.compile(r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|@(?:everyone|here)")


def broken(allowed: Json | None) -> list[Problem]:
    """A kind in `parse` excludes a list of the same kind."""
    parse = (allowed or {}).get("parse") or []
    both = [kind for kind in ("users", "roles") if kind in parse and (allowed or {}).get(kind)]
    return [
        Problem(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"parse and {kind} exclude each other")
        for kind in both
    ]


def pinged(text: str, allowed: Json | None) -> tuple[str, ...]:
    """The mentions in a text that notify; without allowed_mentions all do."""
    return tuple(match[0] for match in MENTION.finditer(text) if allowed is None or _allowed(match, allowed))


def _allowed(match: re.Match[str], allowed: Json) -> bool:
    kind = "users" if match["user"] else "roles" if match["role"] else "everyone"
    number = match["user"] or match["role"]
    return kind in (allowed.get("parse") or []) or (number is not None and number in map(str, allowed.get(kind) or []))

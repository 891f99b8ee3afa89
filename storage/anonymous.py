"""What stands for a user in the books after they were erased: it names nobody, and still finds what they have used."""

from __future__ import annotations

import hmac

from bot.jobs.place import ERASED

PREFIX = ERASED


def anon(user_key: str, secret: str) -> str:
    """The anonymous key of a user; only who has the bot's secret and the user's id can tell that the two belong together."""
    return PREFIX + hmac.new(secret.encode(), user_key.encode(), "sha256").hexdigest()[:32]

"""What every part of the policy store works with."""

from __future__ import annotations

from collections.abc import Callable

from storage.anonymous import PREFIX, anon
from storage.db import Database


class Part:
    """Over an open database. `clock`: unix seconds; `secret`: the bot's, for the keys of erased users."""

    def __init__(self, db: Database, clock: Callable[[], float], secret: str) -> None:
        """Opens nothing."""
        self._db = db
        self._clock = clock
        self._secret = secret

    def _anon(self, user_key: str) -> str:
        """The anonymous key of a user; an anonymous key stays as it is."""
        return user_key if user_key.startswith(PREFIX) else anon(user_key, self._secret)

    def _keys(self, user_key: str) -> tuple[str, str]:
        """The keys that a user may stand under: their own, and the anonymous one if they were erased before."""
        return user_key, self._anon(user_key)

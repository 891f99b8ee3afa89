"""The base error of the house, with families by what the caller does next."""

from __future__ import annotations


class ImagineError(Exception):
    """Every error of ours."""


class StartError(ImagineError):
    """The bot cannot start: one sentence for the operator that says what is wrong and what to do."""


class ChatAway(StartError):
    """A chat that does not answer at the start, which is nobody's mistake: tried again, after `wait` seconds at least."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        """`sentence`: see StartError."""
        super().__init__(sentence)
        self.wait = wait


class StoreUnavailable(ImagineError):
    """The database did not take a read or a write (locked, full, read-only, gone). Nothing was changed: try again later."""


class PicturesUnavailable(StoreUnavailable):
    """The same of the picture store."""

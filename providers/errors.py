"""The one error family of every outside image call. A caller decides by `family` and `accepted`, never by text.

ProviderError
    family    what kind of answer it was (`Family`)
    accepted  whether the paid request may have been taken: "no" may be retried, "unknown" never blindly
"""

from __future__ import annotations

from enum import StrEnum


class Family(StrEnum):
    """What the caller does next: wait, tell the user, call the operator."""

    BUSY = "busy"
    REFUSED = "refused"
    MODERATED = "moderated"
    BAD_REQUEST = "bad_request"
    BAD_KEY = "bad_key"
    NO_MONEY = "no_money"
    BROKEN = "broken"


class Accepted(StrEnum):
    """Whether a failed submit may have been accepted (and so paid)."""

    NO = "no"
    UNKNOWN = "unknown"


class ProviderError(Exception):
    """A provider did not do what was asked.

    `retry_after`: seconds that the provider asked for; `text`: its own words, for the operator.
    """

    def __init__(
        self, family: Family, text: str, *, accepted: Accepted = Accepted.UNKNOWN, retry_after: float | None = None
    ) -> None:
        """Keep the facts as attributes; sentences for people are made at the edge."""
        super().__init__(f"{family}: {text}")
        self.family = family
        self.text = text
        self.accepted = accepted
        self.retry_after = retry_after


class BadWebhook(Exception):
    """A webhook that is not from the provider, or cannot be read. It changes nothing."""


class BadPicture(Exception):
    """Bytes that are no picture we can use; the text says why in one sentence."""


class BadUrl(Exception):
    """A URL that the guarded fetcher will not open, or that brought nothing usable; the text says why.

    `passing`: a later try may bring it; otherwise the answer will stay the same. `retry_after`: seconds that the server
    asked for.
    """

    def __init__(self, text: str, *, passing: bool = False, retry_after: float | None = None) -> None:
        """The text is one sentence for people."""
        super().__init__(text)
        self.passing = passing
        self.retry_after = retry_after

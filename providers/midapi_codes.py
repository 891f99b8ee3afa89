"""midapi.ai's own codes: what each says about a request, wherever it stands in the reply."""

from __future__ import annotations

from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, forbidden
from providers.midjourney_common import decoded, moderated, number, words

MAINTENANCE_SECONDS = 120.0
"""The reference says to wait minutes after a 455; it sends no Retry-After."""
GENERATION_FAILED = 501
OPINIONS = frozenset({400, 422, 500, GENERATION_FAILED})
"""Codes whose text may say that the rules refused the prompt."""
CODES = {
    400: (Family.BAD_REQUEST, Accepted.NO),
    401: (Family.BAD_KEY, Accepted.NO),
    402: (Family.NO_MONEY, Accepted.NO),
    404: (Family.BAD_REQUEST, Accepted.NO),
    422: (Family.BAD_REQUEST, Accepted.NO),
    429: (Family.BUSY, Accepted.NO),
    455: (Family.BUSY, Accepted.NO),
    500: (Family.BROKEN, Accepted.NO),  # the reference pages tell clients to send 429, 455 and 500 again (seen 2026-11-21)
    501: (Family.BROKEN, Accepted.UNKNOWN),  # "generation failed": one was begun, and whether it is charged is not said
    505: (Family.BAD_KEY, Accepted.NO),  # "feature disabled": the operator's to mend, another provider may draw
}
"""The documented codes of the reply's body, which HTTP's status may repeat or hide behind a 200."""


class CodedError(ProviderError):
    """A reply whose body says why not, by `code`."""

    def __init__(self, code: int, text: str, *, wait: float | None = None, answered: bool = False) -> None:
        """`answered`: HTTP's own status proves already that nothing was accepted."""
        family, accepted = CODES.get(code, (Family.BROKEN, Accepted.UNKNOWN))
        if code in OPINIONS and moderated(text):
            family, accepted = Family.MODERATED, Accepted.NO
        wait = MAINTENANCE_SECONDS if code == 455 and wait is None else wait
        accepted = Accepted.NO if answered else accepted
        super().__init__(family, f"code {code} {text}".strip(), accepted=accepted, retry_after=wait)
        self.code = code


def refined(error: AnswerError) -> ProviderError:
    """By the body's documented code; without one 455 is surely theirs, 403 the key's unless the rules refused.

    HTTP's status speaks for the rest.
    """
    status = error.response.status_code
    try:
        said = decoded(error.response.content)
    except ProviderError:
        said = {}
    code, text = number(said.get("code")), words(said.get("msg"))
    if code not in CODES:
        code = 455 if status == 455 else None
    if code is not None:
        return CodedError(code, text, wait=error.retry_after, answered=error.accepted is Accepted.NO)
    if status == 403 and moderated(text):
        return ProviderError(Family.MODERATED, error.text, accepted=error.accepted)
    return forbidden(error)


def missing(error: ProviderError) -> bool:
    """Whether a read failed only because there is no such route or task."""
    if isinstance(error, CodedError):
        return error.code in (404, 422)
    return isinstance(error, AnswerError) and error.response.status_code in (404, 422)

"""OpenAI's moderation endpoint: scores for texts and pictures. Source: the API description, `POST /moderations`."""

from __future__ import annotations

import base64
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx

from providers.base import Health
from providers.errors import BadPicture, Family, ProviderError
from providers.http import call

MODEL: Final = "omni-moderation-latest"
SECONDS: Final = 5.0
"""For one answer, its repeat included: people wait for it."""
ATTEMPTS: Final = 2
SENT_BYTES: Final = 1_500_000
"""A larger picture is sent as a smaller JPEG: the same is seen in it, and the answer keeps its time."""
KEPT: Final = 256
KEPT_SECONDS: Final = 600.0
REPLY_BYTES: Final = 1_000_000

Scores = dict[str, float]
Shrink = Callable[[bytes, int], Awaitable[bytes]]
"""`await shrink(data, limit)`: the same picture as a JPEG of at most `limit` bytes, made off the loop."""


class OpenAIModeration:
    """Implements the Moderation port. Answers about texts are kept for ten minutes, so that a re-roll asks nothing."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        shrink: Shrink,
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
    ) -> None:
        """The client is the caller's: it closes it. `clock`: seconds, for what is kept."""
        self._url = f"{base_url.rstrip('/')}/moderations"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = client
        self._shrink = shrink
        self._clock = clock
        self._seconds = seconds
        self._kept: OrderedDict[str, tuple[float, Scores]] = OrderedDict()

    @property
    def texts(self) -> bool:
        """It reads texts."""
        return True

    @property
    def pictures(self) -> bool:
        """It looks at pictures."""
        return True

    async def text(self, text: str) -> Mapping[str, float]:
        """Category -> 0.0-1.0. Raises ProviderError."""
        found = self._kept.get(text)
        if found and self._clock() - found[0] < KEPT_SECONDS:
            self._kept.move_to_end(text)
            return found[1]
        scores = await self._ask(text)
        self._kept[text] = (self._clock(), scores)
        self._kept.move_to_end(text)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return scores

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        """The same for a PNG, JPEG or WebP. Raises ProviderError."""
        if len(data) > SENT_BYTES:
            data, mime = await self._smaller(data), "image/jpeg"
        url = f"data:{mime};base64,{base64.b64encode(data).decode()}"
        return await self._ask([{"type": "image_url", "image_url": {"url": url}}])

    async def check(self) -> Health:
        """One free question."""
        try:
            await self._ask("a fox")
        except ProviderError as error:
            return Health(ok=False, sentence=f"{_mend(error)} ({error.text[:200]})")
        return Health(ok=True, sentence=f"{MODEL} answers")

    async def _smaller(self, data: bytes) -> bytes:
        try:
            return await self._shrink(data, SENT_BYTES)
        except BadPicture as error:
            raise ProviderError(Family.BROKEN, f"a picture can't be made smaller: {error}") from error

    async def _ask(self, what: str | list[dict[str, Any]]) -> Scores:
        reply = await call(
            self._client,
            "POST",
            self._url,
            timeout=self._seconds,
            submit=False,
            attempts=ATTEMPTS,
            limit=REPLY_BYTES,
            headers=self._headers,
            json={"model": MODEL, "input": what},
        )
        return _scores(reply)


def _scores(reply: httpx.Response) -> Scores:
    """The highest score of every category. What is not as described says nothing, so nothing passes on its word."""
    worst: Scores = {}
    try:
        for result in reply.json()["results"]:
            for name, score in result["category_scores"].items():
                worst[str(name)] = max(worst.get(name, 0.0), _share(score))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, f"not a moderation's answer: {type(error).__name__}: {error}"[:300]) from error
    if not worst:
        raise ProviderError(Family.BROKEN, "a moderation's answer without scores")
    return worst


def _share(score: object) -> float:
    """Raises ValueError for anything but a number from 0 to 1 (NaN is none)."""
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0.0 <= score <= 1.0:
        raise ValueError(f"a score of {str(score)[:40]}")
    return float(score)


def _mend(error: ProviderError) -> str:
    if error.family is Family.BAD_KEY:
        return "its key is refused: set OPENAI_API_KEY anew"
    return "it does not answer: check OPENAI_BASE_URL and the network"

"""Several moderations as one: each is asked what it can judge, and the highest score of a category counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

from bot.policy.moderation import Moderation
from providers.errors import ProviderError


class PartlyDown(ProviderError):
    """Some answered, some did not. `scores`: what the others found; it may convict, and never acquits."""

    def __init__(self, error: ProviderError, scores: Mapping[str, float]) -> None:
        """The failure of one and the answers of the others."""
        super().__init__(error.family, error.text, accepted=error.accepted, retry_after=error.retry_after)
        self.scores = scores


class Together:
    """Implements Moderation. One that is down makes all of it down: whoever chose to hold then relies on every one."""

    def __init__(self, several: Sequence[Moderation]) -> None:
        """At least one."""
        self._several = tuple(several)

    @property
    def texts(self) -> bool:
        """Whether any reads texts."""
        return any(one.texts for one in self._several)

    @property
    def pictures(self) -> bool:
        """Whether any looks at pictures."""
        return any(one.pictures for one in self._several)

    async def text(self, text: str) -> Mapping[str, float]:
        """By those that read texts. Raises ProviderError, PartlyDown where others answered."""
        return await _highest([one.text(text) for one in self._several if one.texts])

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        """By those that look at pictures. Raises ProviderError, PartlyDown where others answered."""
        return await _highest([one.picture(data, mime) for one in self._several if one.pictures])


async def _highest(asked: Sequence[Awaitable[Mapping[str, float]]]) -> Mapping[str, float]:
    answers = await asyncio.gather(*asked, return_exceptions=True)
    faults = [answer for answer in answers if isinstance(answer, BaseException)]
    scores: dict[str, float] = {}
    for answer in answers:
        if not isinstance(answer, BaseException):
            scores |= {name: max(score, scores.get(name, 0.0)) for name, score in answer.items()}
    for fault in faults:
        if not isinstance(fault, ProviderError):
            raise fault
    for fault in faults:
        if isinstance(fault, ProviderError):
            raise PartlyDown(fault, scores) if scores else fault
    return scores

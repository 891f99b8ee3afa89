"""Several moderations as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bot.policy.together import PartlyDown, Together
from providers.errors import Family, ProviderError

DOWN = ProviderError(Family.BUSY, "too many questions", retry_after=3.0)


@dataclass
class One:
    """Says `answer`, or raises it."""

    answer: Mapping[str, float] | Exception
    texts: bool = True
    pictures: bool = True
    asked: list[str] = field(default_factory=list)

    async def text(self, text: str) -> Mapping[str, float]:
        return self._said("text")

    async def picture(self, data: bytes, mime: str) -> Mapping[str, float]:
        return self._said("picture")

    def _said(self, what: str) -> Mapping[str, float]:
        self.asked.append(what)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_the_highest_score_of_a_category_counts() -> None:
    together = Together([One({"sexual": 0.2, "violence": 0.9}), One({"sexual": 0.7})])
    assert await together.text("a fox") == {"sexual": 0.7, "violence": 0.9}
    assert await together.picture(b"", "image/png") == {"sexual": 0.7, "violence": 0.9}


async def test_each_is_asked_what_it_can_judge() -> None:
    blind, mute = One({"hate": 0.3}, pictures=False), One({"sexual": 0.4}, texts=False)
    together = Together([blind, mute])
    assert await together.text("a fox") == {"hate": 0.3}
    assert await together.picture(b"", "image/png") == {"sexual": 0.4}
    assert (blind.asked, mute.asked) == (["text"], ["picture"])
    assert (together.texts, together.pictures) == (True, True)
    assert Together([mute]).texts is False
    assert Together([blind]).pictures is False


async def test_one_down_is_down_but_what_the_others_found_is_told() -> None:
    with pytest.raises(PartlyDown) as caught:
        await Together([One(DOWN), One({"sexual": 0.99})]).picture(b"", "image/png")
    assert caught.value.scores == {"sexual": 0.99}
    assert (caught.value.family, caught.value.retry_after) == (Family.BUSY, 3.0)


async def test_all_down_is_the_first_ones_error() -> None:
    with pytest.raises(ProviderError) as caught:
        await Together([One(DOWN), One(ProviderError(Family.BROKEN, "no"))]).text("a fox")
    assert caught.value is DOWN


async def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        await Together([One(DOWN), One(KeyError("ours"))]).text("a fox")

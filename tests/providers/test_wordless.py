"""A picture without words, at each vendor that refuses an empty prompt or wants one: some are sent in their place."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from providers.base import DrawRequest, Kind, Provider, Size, Source
from providers.gemini import Gemini
from providers.ideogram import Ideogram
from providers.inline import NO_WORDS
from providers.openai import OpenAI
from providers.recraft import Recraft
from providers.stability import Stability
from providers.xai import Xai
from tests.fakes.apis import gemini, ideogram, openai, recraft, stability, xai
from tests.fakes.apis.strict import StrictApi
from tests.fakes.provider import picture

TILE = Source(picture("blue", 256), "image/jpeg", ref="call-0")
Make = Callable[[str, httpx.AsyncClient], Provider]
VENDORS: dict[str, tuple[Callable[[], StrictApi], Make]] = {
    "stability": (stability.StabilityApi, lambda url, client: Stability(stability.KEY, url + stability.ROOT, client)),
    "openai": (openai.FakeOpenAI, lambda url, client: OpenAI(openai.KEY, url, client, compatible=False)),
    "gemini": (gemini.GeminiApi, lambda url, client: Gemini(gemini.KEY, url, client)),
    "ideogram": (ideogram.IdeogramApi, lambda url, client: Ideogram(ideogram.KEY, url, client)),
    "recraft": (recraft.RecraftApi, lambda url, client: Recraft(recraft.KEY, f"{url}/v1", client)),
    "xai": (xai.XaiApi, lambda url, client: Xai(xai.KEY, url, client)),
}


def wordless(kind: Kind, prompt: str) -> DrawRequest:
    size = Size(1024, 1024)
    if kind is Kind.IMAGINE:
        return DrawRequest(kind, prompt, size, 1, image=TILE)
    return DrawRequest(kind, prompt, size, 1, source=TILE)


@pytest.mark.parametrize("prompt", ["", " "])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("stability", Kind.IMAGINE), ("stability", Kind.VARIATION), ("stability", Kind.UPSCALE),
        ("openai", Kind.IMAGINE), ("openai", Kind.VARIATION),
        ("gemini", Kind.IMAGINE),
        ("ideogram", Kind.IMAGINE), ("ideogram", Kind.VARIATION), ("recraft", Kind.IMAGINE), ("xai", Kind.IMAGINE),
    ],
)  # fmt: skip
async def test_a_picture_without_words_is_sent_with_some(name: str, kind: Kind, prompt: str) -> None:
    make_api, make = VENDORS[name]
    async with make_api() as api, httpx.AsyncClient(trust_env=False) as client:
        sent = await make(api.base, client).submit(wordless(kind, prompt), "call-1", None)
        assert len(sent.pictures) == 1
        assert NO_WORDS in str(api.seen[0].body)
        assert api.violations == []

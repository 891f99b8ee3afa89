"""Drafts: the cheapest way that a provider has, and none where nothing is cheaper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.jobs.drawing import drafts
from providers.base import Params, Provider, Stage, Submitted
from tests.contract.providers import PROVIDERS, finished, imagine, needs, vendor
from tests.fakes.apis.strict import Seen


async def test_a_draft_is_taken_and_never_dearer(provider: Provider) -> None:
    needs(provider.capabilities.imagine, "to draw")
    await drafted(provider)


DEARER = {
    "fal": ("IMAGINE_FAL_MODEL", "fal-ai/flux/dev", 3_000, "/fal-ai/flux/schnell"),
    "replicate": ("IMAGINE_REPLICATE_MODEL", "black-forest-labs/flux-1.1-pro", 3_000, "/flux-schnell/"),
    "openai": ("IMAGINE_OPENAI_MODEL", "gpt-image-1.5", 9_000, "'quality': 'low'"),
    "bfl": ("IMAGINE_BFL_MODEL", "flux-pro-1.1", 14_000, "/flux-2-klein-4b"),
    "stability": ("IMAGINE_STABILITY_MODEL", "ultra", 30_000, "/generate/core"),
    "gemini": ("IMAGINE_GEMINI_MODEL", "gemini-3-pro-image", 33_600, "/gemini-3.1-flash-lite-image:"),
    "ideogram": ("IMAGINE_IDEOGRAM_MODEL", "quality", 30_000, "'rendering_speed': 'FLASH'"),
    "xai": ("IMAGINE_XAI_MODEL", "grok-imagine-image-2.0", 20_000, "'model': 'grok-imagine-image',"),
    "a1111": ("IMAGINE_A1111_MODEL", "sdxl", 0, "'width': 256"),
    "comfyui": ("IMAGINE_COMFYUI_MODEL", "sd_xl_base_1.0.safetensors", 0, "'width': 256"),
}
"""A setting with a model that is not the cheapest, what a draft costs then, and how one sees that it was asked for."""


@pytest.mark.parametrize("name", DEARER)
async def test_a_draft_is_drawn_by_the_cheapest_way(name: str) -> None:
    setting, model, price, sign = DEARER[name]
    seen: list[Seen] = []
    async with vendor(name, seen, **{setting: model}) as made:
        assert made.capabilities.draft_price == price
        assert price < made.capabilities.price or price == 0
        assert drafts(made.capabilities)
        sent = await drafted(made)
        per_call = made.capabilities.per_call
        assert sent.cost is None or sent.cost <= price * per_call
        assert any(sign in f"{one.path} {one.body}" for one in seen)
        seen.clear()
        plain = replace(imagine(made), params=Params(ratio="3:2"))
        await finished(made, await made.submit(plain, "call-2", None))
        assert seen
        assert not any(sign in f"{one.path} {one.body}" for one in seen)


@pytest.mark.parametrize("name", ["recraft", "midapi", "midjourney", "fal", "replicate", "stability", "xai", "sketch"])
async def test_where_nothing_is_cheaper_there_are_no_drafts(name: str) -> None:
    async with PROVIDERS[name]() as made:
        assert not drafts(made.capabilities)


async def drafted(provider: Provider) -> Submitted:
    """A draft that was drawn to its end."""
    can = provider.capabilities
    assert can.draft_price <= can.price
    request = replace(imagine(provider), params=Params(speed="draft", ratio="3:2"))
    sent = await provider.submit(request, "call-1", None)
    status = await finished(provider, sent)
    assert status.stage is Stage.DONE
    assert len(status.pictures) == can.per_call
    return sent

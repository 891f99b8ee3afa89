"""What every provider promises, whatever its vendor; each adapter runs all that its capabilities claim.

An adapter joins by an opener in PROVIDERS: a context manager that yields it, ready to draw at no cost.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial

import httpx
import pytest

from bot.imaging.pool import PixelPool
from bot.jobs.drawing import drafts
from bot.settings_load import load_settings
from bot.wiring.draw import build_providers
from providers.base import DrawRequest, Kind, Params, Provider, Size, Source, Stage, Status, Submitted
from providers.errors import BadWebhook, ProviderError
from providers.fake import FakeVendor, Mode
from providers.lanczos import Lanczos
from providers.sketch import Sketch
from providers.streaming import Streaming
from tests.fakes.apis.strict import Seen
from tests.fakes.provider import ScriptedProvider
from tests.fakes.vendor.pictures import jpeg
from tests.fakes.vendor.server import serve
from tests.scenarios.providers.vendors import VENDORS, finishing
from tests.support.core import ASYNC

SOON = 15.0
"""Seconds that a drawing may take."""


@asynccontextmanager
async def fake(mode: Mode, *, lookup: bool = False) -> AsyncIterator[Provider]:
    async with serve() as vendor, httpx.AsyncClient(trust_env=False) as client:
        yield FakeVendor(vendor.base, client, mode=mode, lookup=lookup)


@asynccontextmanager
async def sketch() -> AsyncIterator[Provider]:
    pool = PixelPool()
    yield Sketch(pool.run, 0.05, time.time)
    pool.close()


@asynccontextmanager
async def lanczos() -> AsyncIterator[Provider]:
    pool = PixelPool()
    yield Lanczos(pool.run)
    pool.close()


@asynccontextmanager
async def scripted() -> AsyncIterator[Provider]:
    yield ScriptedProvider(replace(ASYNC, lookup=True))


@asynccontextmanager
async def vendor(name: str, seen: list[Seen] | None = None, **more: str) -> AsyncIterator[Provider]:
    """An adapter over its vendor's loopback server, built as wiring builds it. `seen`: is filled with what came there."""
    chosen, pool = VENDORS[name], PixelPool()
    async with chosen.api() as api, httpx.AsyncClient(trust_env=False) as client:
        api.seen = api.seen if seen is None else seen
        chosen.finish(api)
        ending = asyncio.create_task(finishing(chosen, api))
        (made,) = build_providers(load_settings(chosen.settings(api.base) | more, None), pool, time.time, client)
        yield made
        ending.cancel()
        pool.close()


Opener = Callable[[], AbstractAsyncContextManager[Provider]]
PROVIDERS: dict[str, Opener] = {
    "fake async": partial(fake, "async", lookup=True),
    "fake blocking": partial(fake, "blocking"),
    "fake single": partial(fake, "single"),
    "scripted": scripted,
    "sketch": sketch,
    "lanczos": lanczos,
    **{name: partial(vendor, name) for name in VENDORS},
}


@pytest.fixture(params=PROVIDERS)
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    async with PROVIDERS[request.param]() as made:
        yield made


def imagine(provider: Provider, prompt: str = "a red fox") -> DrawRequest:
    return DrawRequest(Kind.IMAGINE, prompt, Size(512, 512), provider.capabilities.per_call, Params(seed=7))


def needs(condition: bool, what: str) -> None:
    if not condition:
        pytest.skip(f"it does not claim {what}")


async def finished(provider: Provider, sent: Submitted) -> Status:
    """The last status; a blocking provider's answer is one already."""
    if sent.pictures:
        return Status(Stage.DONE, pictures=sent.pictures)
    async with asyncio.timeout(SOON):
        while True:
            status = await provider.status(sent.ref)
            if status.stage not in (Stage.QUEUED, Stage.RUNNING):
                return status
            await asyncio.sleep(0.01)


def test_its_capabilities_fit_together(provider: Provider) -> None:
    can = provider.capabilities
    assert can.name
    assert can.label
    assert can.per_call >= 1
    assert can.imagine or can.upscale
    assert can.deadline > 0
    assert can.price >= 0
    assert can.honours <= Params("1:1", 1, "x", 1, 1, 1, 1.0, "6", "6", tile=True, raw=True, speed="fast").given()
    assert can.asynchronous or not (can.webhook or can.cancel), "nothing to follow after a blocking call"
    assert can.asynchronous or not can.progress or isinstance(provider, Streaming), "nothing to see in a blocking call"
    assert can is provider.capabilities or can == provider.capabilities


async def test_draws_what_was_asked_for(provider: Provider) -> None:
    needs(provider.capabilities.imagine, "to draw")
    sent = await provider.submit(imagine(provider), "call-1", None)
    assert bool(sent.pictures) != provider.capabilities.asynchronous
    status = await finished(provider, sent)
    assert status.stage is Stage.DONE
    assert len(status.pictures) == provider.capabilities.per_call
    assert all(bool(p.url) != bool(p.data) for p in status.pictures), "exactly one of url and data"


async def test_the_same_status_can_be_asked_for_ever(provider: Provider) -> None:
    needs(provider.capabilities.asynchronous, "to be asynchronous")
    sent = await provider.submit(imagine(provider), "call-1", None)
    assert sent.ref
    first = await finished(provider, sent)
    assert await provider.status(sent.ref) == first


async def test_an_unknown_draw_fails_in_our_own_family(provider: Provider) -> None:
    needs(provider.capabilities.asynchronous, "to be asynchronous")
    try:
        status = await provider.status("no-such-draw")
    except ProviderError:
        return
    assert status.stage is Stage.FAILED
    assert status.error is not None


async def test_finds_a_call_by_our_key(provider: Provider) -> None:
    needs(provider.capabilities.lookup, "look-up")
    assert await provider.lookup("never sent") is None
    sent = await provider.submit(imagine(provider), "call-1", None)
    found = await provider.lookup("call-1")
    assert found is not None
    assert found.ref == sent.ref


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.VARIATION])
async def test_draws_from_a_picked_tile(provider: Provider, kind: Kind) -> None:
    can = provider.capabilities
    needs(can.upscale if kind is Kind.UPSCALE else can.variation, kind)
    tile = Source(jpeg(1, 64, 64), "image/jpeg", index=min(1, can.per_call - 1))
    if can.imagine:
        sent = await provider.submit(imagine(provider), "call-1", None)
        drawn = (await finished(provider, sent)).pictures[tile.index]
        tile = Source(tile.data, tile.mime, sent.ref, tile.index, drawn.image_id, drawn.seed)
    count = 1 if kind is Kind.UPSCALE else can.per_call
    request = DrawRequest(kind, "a red fox", Size(512, 512), count, source=tile)
    status = await finished(provider, await provider.submit(request, "call-2", None))
    assert status.stage is Stage.DONE
    assert len(status.pictures) == count


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


async def test_takes_an_input_picture(provider: Provider) -> None:
    needs(provider.capabilities.image_input, "image input")
    request = DrawRequest(Kind.IMAGINE, "a fox", Size(512, 512), 1, image=Source(jpeg(0, 64, 64), "image/jpeg"))
    assert (await finished(provider, await provider.submit(request, "call-1", None))).stage is Stage.DONE


async def test_cancel_of_a_finished_draw_is_not_confirmed(provider: Provider) -> None:
    needs(provider.capabilities.cancel, "to cancel")
    sent = await provider.submit(imagine(provider), "call-1", None)
    await finished(provider, sent)
    assert await provider.cancel(sent.ref) is False


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"12", b'"x"'])
async def test_a_webhook_that_makes_no_sense_is_a_bad_webhook(provider: Provider, body: bytes) -> None:
    needs(provider.capabilities.webhook, "webhooks")
    with pytest.raises(BadWebhook):
        provider.read_webhook({}, body)


async def test_check_says_a_sentence(provider: Provider) -> None:
    health = await provider.check()
    assert health.ok
    assert health.sentence.endswith(".")

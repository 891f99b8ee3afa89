"""Every provider, ready to draw at no cost: an adapter joins by an opener in PROVIDERS, a context manager that yields it."""

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
from bot.settings_load import load_settings
from bot.wiring.draw import build_providers
from providers.base import DrawRequest, Kind, Params, Provider, Size, Stage, Status, Submitted
from providers.fake import FakeVendor, Mode
from providers.lanczos import Lanczos
from providers.sketch import Sketch
from tests.fakes.apis.strict import Seen
from tests.fakes.provider import ScriptedProvider
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

"""Discord's HTTP as aiohttp sees it: rate limits, replies by their status, how long interactions waited for an answer."""

from __future__ import annotations

import re
from types import SimpleNamespace

import aiohttp

from bot.discord.limits import Limits
from bot.jobs.meter import Meter
from bot.jobs.place import Platform
from bot.jobs.ports import Clock

CALLBACK = re.compile(r"/interactions/([0-9]{15,20})/[^/]+/callback")
EPOCH_MILLISECONDS = 1_420_070_400_000
"""2015-01-01: the upper 42 bits of an id are milliseconds from there (Discord's page "API Reference", Snowflakes)."""


def tracing(clock: Clock, meter: Meter | None = None) -> aiohttp.TraceConfig:
    """For `discord.Client(http_trace=...)`, which takes one only. `meter`: who counts, if anybody."""
    trace: aiohttp.TraceConfig = aiohttp.TraceConfig()
    _hold_back(trace, Limits())
    if meter is not None:
        _count(trace, meter, clock)
    return trace


def _hold_back(trace: aiohttp.TraceConfig, limits: Limits) -> None:
    async def starts(_session: aiohttp.ClientSession, _: SimpleNamespace, params: aiohttp.TraceRequestStartParams) -> None:
        await limits.wait(params.method, params.url.path)

    async def ended(_session: aiohttp.ClientSession, _: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        if params.response.status == 429:
            await limits.refused(params.method, params.url.path, params.response)

    trace.on_request_start.append(starts)
    trace.on_request_end.append(ended)


def _count(trace: aiohttp.TraceConfig, meter: Meter, clock: Clock) -> None:
    """What waited is reckoned by Discord's own clock, which stands in the id."""

    async def ended(_session: aiohttp.ClientSession, _: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        meter.replied("chat", Platform.DISCORD.value, params.response.status)
        found = CALLBACK.search(params.url.path)
        if found and params.response.status < 300:
            meter.acknowledged(Platform.DISCORD, clock() - ((int(found[1]) >> 22) + EPOCH_MILLISECONDS) / 1000)

    async def failed(_session: aiohttp.ClientSession, _: SimpleNamespace, _p: aiohttp.TraceRequestExceptionParams) -> None:
        meter.replied("chat", Platform.DISCORD.value, 0)

    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)

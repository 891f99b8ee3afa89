"""Slack's HTTP as aiohttp sees it, and how long Bolt took to acknowledge."""

from __future__ import annotations

import time
from types import SimpleNamespace

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.jobs.meter import Meter
from bot.jobs.place import Platform


def tracing(meter: Meter) -> aiohttp.TraceConfig:
    """Every reply by its status."""
    trace: aiohttp.TraceConfig = aiohttp.TraceConfig()

    async def ended(_session: aiohttp.ClientSession, _: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        meter.replied("chat", Platform.SLACK.value, params.response.status)

    async def failed(_session: aiohttp.ClientSession, _: SimpleNamespace, _p: aiohttp.TraceRequestExceptionParams) -> None:
        meter.replied("chat", Platform.SLACK.value, 0)

    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace


def timed(app: AsyncApp, meter: Meter) -> None:
    """Both ways in (socket and HTTP) go through `async_dispatch`, which returns when a listener has acknowledged."""
    dispatch = app.async_dispatch

    async def taking(req: AsyncBoltRequest) -> BoltResponse:
        began = time.monotonic()
        response = await dispatch(req)
        meter.acknowledged(Platform.SLACK, time.monotonic() - began)
        return response

    app.async_dispatch = taking  # type: ignore[method-assign]

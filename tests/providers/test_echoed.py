"""A vendor that repeats in its error what it was sent: neither the webhook's address nor its secret is read by anybody."""

from __future__ import annotations

import html
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from providers.base import DrawRequest, Kind, Provider, Size
from providers.bfl import Bfl
from providers.errors import ProviderError
from providers.fal import Fal
from providers.http import call
from providers.midapi import Midapi
from providers.midjourney import Midjourney
from providers.replicate import Replicate
from providers.webhook import webhook_token, webhook_url
from tests.fakes.apis import bfl, fal, midapi, midjourney, replicate
from tests.fakes.apis.strict import Fault, StrictApi
from tests.providers.raw import http, listen, say

FOX = DrawRequest(Kind.IMAGINE, "a fox", Size(1024, 1024), 1)
SECRET = 'bfl-whispers-/-"this"-ü'


def built(name: str, api: StrictApi, client: httpx.AsyncClient) -> Provider:
    match name:
        case "bfl":
            return Bfl(bfl.KEY, f"{api.base}/v1", client, webhook_secret=SECRET)
        case "replicate":
            return Replicate(replicate.TOKEN, api.base, client, webhook_secret=replicate.SECRET)
        case "midapi":
            return Midapi("good", f"{api.base}/api/v1/mj", client)
        case "midjourney":
            return Midjourney("good", api.base, client)
    return Fal(fal.KEY, api.base, client, jwks_url=f"{api.base}/files/{fal.JWKS}")


ROUTES = {
    "bfl": (bfl.BflApi, "/v1/flux-2-pro"),
    "replicate": (replicate.ReplicateApi, replicate.BY_NAME),
    "midapi": (midapi.MidapiServer, midapi.GENERATE),
    "midjourney": (midjourney.MidjourneyServer, midjourney.SUBMIT),
    "fal": (fal.FalApi, fal.SUBMIT),
}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("status", [422, 500])
async def test_a_submit_that_is_repeated(name: str, status: int, client: httpx.AsyncClient) -> None:
    kind, route = ROUTES[name]
    hook = webhook_url("https://bot.example", name, "0123456789abcdef0123", "ours")
    async with AsyncExitStack() as stack:
        api: Any = await stack.enter_async_context(kind())
        api.fail(route, Fault(status, echo=True))
        with pytest.raises(ProviderError) as caught:
            await built(name, api, client).submit(FOX, "0123456789abcdef0123", hook)
    said = caught.value.text
    assert "a fox" in said
    assert "[hidden]" in said
    for word in (webhook_token("ours", name, "0123456789abcdef0123"), "bot.example", SECRET, json.dumps(SECRET)[1:-1]):
        assert word not in said


async def test_a_task_that_tells_the_secret_of_its_submit(client: httpx.AsyncClient) -> None:
    async with bfl.BflApi() as api:
        provider = built("bfl", api, client)
        sent = await provider.submit(FOX, "call-1", webhook_url("https://bot.example", "bfl", "call-1", "ours"))
        token = webhook_token("ours", "bfl", "call-1")
        api.words = ["Error"]
        api.told = {"details": {"secret": SECRET, "to": f"https://bot.example/webhooks/bfl/call-1/{token}"}}
        error = (await provider.status(sent.ref)).error
    assert error is not None
    assert "details" not in error.text
    assert "webhooks/bfl/call-1/[hidden]" in error.text
    assert json.dumps(SECRET)[1:-1] not in error.text


HOOK = "https://bot.example/a?b=1&c=2"


@pytest.mark.parametrize(
    "said", [HOOK, json.dumps(HOOK).replace("/", "\\/"), html.escape(HOOK), quote(HOOK, safe=""), quote(HOOK)]
)
async def test_in_whatever_way_it_is_written(said: str, client: httpx.AsyncClient) -> None:
    async with listen(say(http(f"not {said} today".encode(), "400 No"))) as server:
        with pytest.raises(ProviderError) as caught:
            await call(client, "POST", f"http://{server.host}/", timeout=2.0, submit=True, json={"hookUrl": HOOK, "n": 1})
    assert caught.value.text.replace('"', "") == "HTTP 400 not [hidden] today"

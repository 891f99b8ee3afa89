"""Providers of every kind behind Slack: asynchronous with webhooks, blocking, one picture per call, and their troubles."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from bot.jobs.model import JobState
from providers.base import Drawn, DrawRequest
from providers.errors import Accepted, Family, ProviderError
from providers.fake import FakeVendor, Mode
from tests.fakes.provider import ScriptedProvider
from tests.fakes.vendor.control import Control
from tests.fakes.vendor.server import serve
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.held import QUICK
from tests.scenarios.slack.workspace import Workspace, controls, opened, words
from tests.support.ports import free_port
from tests.support.wait import eventually

pytestmark = pytest.mark.slow
"""tests/faults and tests/chaos play the same for every kind of provider; this is Slack's own view of it."""


@dataclass
class Shop:
    """A vendor on loopback and a workspace whose bot buys there."""

    control: Control
    slack: Workspace
    client: httpx.AsyncClient


@asynccontextmanager
async def shop(
    opens: Open, mode: Mode, *, lookup: bool = False, hooks: bool = False, **settings: str
) -> AsyncIterator[Shop]:
    """`hooks`: the bot has a public address, and asks by itself only after a minute."""
    port = free_port()
    public = (
        {"HTTP_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "IMAGINE_POLL_SECONDS": "60"} if hooks else {}
    )
    async with serve() as vendor, httpx.AsyncClient() as client:
        provider = FakeVendor(vendor.base, client, mode=mode, lookup=lookup)
        hosts = {provider.capabilities.name: urlsplit(vendor.base).netloc}
        slack = await opens(more=[provider], hosts=hosts, settings=public | settings)
        yield Shop(Control(vendor.base, client), slack, client)
        await slack.stop()


async def paid(made: Shop) -> None:
    """Wait until the vendor has taken a call."""

    async def there() -> int:
        return int((await made.control.counts())["total"])

    await eventually(there)


@pytest.mark.parametrize("mode", ["async", "blocking", "single"])
async def test_each_kind_of_provider(opens: Open, mode: Mode) -> None:
    async with shop(opens, mode) as made:
        grid = await made.slack.drawn("a red fox --seed 5 --weird 3")
        counts = await made.control.counts()
        assert (counts["total"], counts["pictures"]) == ((4, 4) if mode == "single" else (1, 4))
        assert opened(grid).size == (128, 128)
        assert f"Ignored, because Fake ({mode}) has no such setting: --weird" in words(grid)
        large = await made.slack.child(grid, "upscale", 2)
        assert opened(large).width == 128
        assert ("plain resampling" in words(large)) is (mode != "async")
        await made.slack.child(grid, "variation", 1)
        assert await made.slack.used() == 9


async def test_webhooks_bring_the_pictures_long_before_the_next_poll(opens: Open) -> None:
    async with shop(opens, "async", hooks=True) as made:
        await made.control.script(seconds=0.3)
        await made.slack.drawn()
        calls = await made.control.calls()
        assert [hook["status"] for hook in calls["webhooks"]] == [200]
        url = calls["draws"][0]["webhook_url"]
        assert (await made.client.post(f"{url}x", json={"id": "draw-1"})).status_code == 404
        assert (await made.client.post(url, json={"id": calls["draws"][0]["id"]})).status_code == 200
        assert (await made.control.counts())["total"] == 1
        assert len(made.slack.fake.messages(made.slack.art)) == 1


async def test_a_webhook_that_comes_before_the_answer(opens: Open) -> None:
    async with shop(opens, "async", hooks=True) as made:
        await made.control.script(seconds=0, webhook="early", answer_delay=0.3)
        await made.slack.drawn()


async def test_polling_brings_them_where_no_webhook_comes(opens: Open) -> None:
    async with shop(opens, "async") as made:
        await made.control.script(seconds=0.2, steps=4, webhook="off", status_errors=2)
        await made.slack.drawn()


async def test_stopped_between_paying_and_hearing(opens: Open) -> None:
    """The provider knows our key: looked up, not paid again, the same message is finished."""
    async with shop(opens, "async", lookup=True, IMAGINE_STOP_SECONDS="0") as made:
        await made.control.script(answer_delay=30.0)
        message = await made.slack.placed("a red fox")
        await made.slack.kept(message)
        await paid(made)
        await made.slack.restart()
        await made.slack.shown(message)
        assert (await made.control.counts())["total"] == 1


async def test_stopped_between_paying_and_hearing_without_a_look_up(opens: Open) -> None:
    async with shop(opens, "blocking", IMAGINE_STOP_SECONDS="0") as made:
        made.slack.foreseen = {"a paid request got no answer"}
        await made.control.script(answer_delay=30.0)
        message = await made.slack.placed("a red fox")
        await made.slack.kept(message)
        await paid(made)
        await made.slack.restart()
        await made.slack.ends(message, JobState.UNCERTAIN)
        assert "nobody knows whether it drew" in words(message)
        assert await made.slack.used() == 0
        assert (await made.control.counts())["total"] == 1
        await made.control.script()
        await made.slack.child(message, "again")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ({"outcome": "failed"}, "The provider failed"),
        ({"no_money": True}, "account of this bot is empty"),
        ({"picture": "html"}, "no usable picture"),
        ({"picture": "missing"}, "no usable picture"),
    ],
    ids=["failed", "no money", "a page", "missing"],
)
async def test_what_goes_wrong_there_is_said_and_not_charged(opens: Open, script: dict[str, object], sentence: str) -> None:
    async with shop(opens, "async") as made:
        made.slack.foreseen = {"the provider needs its operator"}
        await made.control.script(**script)
        message = await made.slack.placed("a red fox --provider fake-async")
        await made.slack.ends(message, JobState.FAILED)
        assert sentence in words(message)
        assert controls(message) == [("again", 0), ("details", 0)]
        assert await made.slack.used() == 0


@pytest.mark.parametrize("outcome", ["moderated", "rejected"])
async def test_why_the_provider_refused_is_said_privately(opens: Open, outcome: str) -> None:
    async with shop(opens, "async") as made:
        await made.control.script(outcome=outcome)
        message = await made.slack.placed("a red fox")
        await made.slack.ends(message, JobState.REFUSED)
        assert "rules refused" in words(message)
        private = words(await made.slack.said())
        assert "rules refused" in private
        assert len(private) > len("The provider's rules refused this prompt or its pictures. Nothing was charged.")
        assert await made.slack.used() == 0


async def test_fewer_pictures_than_asked_for(opens: Open) -> None:
    async with shop(opens, "async") as made:
        await made.control.script(pictures=3)
        grid = await made.slack.drawn()
        assert "3 of 4 pictures came" in words(grid)
        assert ("upscale", 3) in controls(grid)
        assert ("upscale", 4) not in controls(grid)
        assert await made.slack.used() == 3


async def test_a_busy_provider_is_asked_again_and_paid_once(opens: Open) -> None:
    async with shop(opens, "async") as made:
        await made.control.script(busy=2)
        await made.slack.drawn("a red fox --provider fake-async")
        assert (await made.control.counts())["total"] == 1


class WebpProvider(ScriptedProvider):
    """Draws WebP, which Slack shows in no block."""

    def _drawn(self, request: DrawRequest) -> tuple[Drawn, ...]:
        out = io.BytesIO()
        Image.new("RGBA", (96, 64), (200, 30, 30, 128)).save(out, "WEBP")
        return tuple(Drawn(data=out.getvalue(), seed=n, image_id=f"img{n}") for n in range(request.count))


async def test_webp_is_shown_as_jpeg(opens: Open) -> None:
    slack = await opens(more=[WebpProvider(QUICK)])
    grid = await slack.drawn()
    assert opened(grid).format == "JPEG"
    large = await slack.child(grid, "upscale", 1)
    assert (opened(large).format, opened(large).size) == ("JPEG", (96, 64))
    assert (await slack.job(large)).pictures[0].mime == "image/webp"


async def test_an_unanswered_request_is_told_at_once(opens: Open) -> None:
    """No webhook can come, so nothing is waited for; nothing is sent again."""
    lost = ProviderError(Family.BROKEN, "the line broke", accepted=Accepted.UNKNOWN)
    provider = ScriptedProvider(replace(QUICK, lookup=False), script=[lost])
    slack = await opens(more=[provider])
    slack.foreseen = {"a paid request got no answer"}
    message = await slack.placed("a red fox")
    await slack.ends(message, JobState.UNCERTAIN)
    assert "nobody knows whether it drew" in words(message)
    assert (await slack.used(), len(provider.paid)) == (0, 1)

"""Our own links to pictures: good for those who have them, for nothing else, and not for ever."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PicturesUnavailable
from bot.jobs.links import LEAST_SECONDS
from bot.settings_load import load_settings
from bot.web.app import build_app
from bot.web.links import SignedLinks
from bot.wiring import Bot
from tests.bot.imaging.pictures import encoded, noise
from tests.fakes.pictures import MemoryPictures
from tests.support.bot import running_bot

KEY = "jobs/0123456789abcdef0123/1"
OTHER = "jobs/0123456789abcdef0123/2"
PNG = encoded(noise())
NOW = 1_800_000_123.0


class House:
    """A link maker over a store that may go away, at a time that the test sets."""

    def __init__(self, phrase: str = "of the house") -> None:
        self.now, self.store = NOW, MemoryPictures()
        self.links = SignedLinks(lambda: "http://bot", phrase, self.store, lambda: self.now)
        self.store.kept = {KEY: (PNG, "image/png"), OTHER: (b"<script>", "image/png"), "inputs/abc": (PNG, "image/png")}

    async def ask(self, url: str, method: str = "GET") -> httpx.Response:
        app = build_app(mounts={}, webhook=None, readiness=dict, routers=[self.links.router])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await client.request(method, url)


async def test_whoever_has_the_link_has_the_picture() -> None:
    house = House()
    url = await house.links.link(KEY, "image/png")
    reply = await house.ask(url)
    assert (reply.status_code, reply.content) == (200, PNG)
    told = reply.headers
    assert (told["content-type"], told["x-content-type-options"]) == ("image/png", "nosniff")
    assert told["content-security-policy"] == "default-src 'none'; sandbox"
    assert (told["cross-origin-resource-policy"], told["cache-control"]) == ("cross-origin", "private, max-age=3600")
    assert "content-disposition" not in told
    head = await house.ask(url, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PNG)))
    assert (await house.ask(url, "POST")).status_code == 405


async def test_it_lasts_a_day_at_least_and_then_says_so() -> None:
    house = House()
    url = await house.links.link(KEY, "image/png")
    house.now += 1000.0
    assert await house.links.link(KEY, "image/png") == url
    house.now = NOW + LEAST_SECONDS
    assert (await house.ask(url)).status_code == 200
    house.now += 3600.0
    over = await house.ask(url)
    assert (over.status_code, over.text) == (410, "This link has expired. Ask for a new one.")
    assert await house.links.link(KEY, "image/png") != url


async def test_a_changed_link_opens_nothing() -> None:
    house = House()
    url = await house.links.link(KEY, "image/png")
    query = {name: found[0] for name, found in parse_qs(urlsplit(url).query).items()}
    foreign = await House("of another house").links.link(KEY, "image/png")
    until, sig = query["until"], query["sig"]
    for forged in (
        url.replace(KEY, OTHER),
        url.replace(until, str(int(until) + 1)),
        url.replace(until, f"0{until}"),
        url.replace(sig, sig[:-1]),
        url.replace(sig, ""),
        url.replace(sig, sig.swapcase()),
        url.replace(sig, "%ED%A0%80"),
        url.partition("?")[0],
        foreign,
    ):
        assert (await house.ask(forged)).status_code == 404, forged


@pytest.mark.parametrize(
    "key", ["inputs/abc", "calls/0123456789abcdef0123/0/1", "jobs/0123456789abcdef0123/../../secret", "privacy/x.zip", "",
            "jobs/0123456789abcdef0123", "/etc/passwd", "jobs/0123456789ABCDEF0123/1", f"{KEY}\n"],
)  # fmt: skip
async def test_only_drawn_pictures_are_linked_and_served(key: str) -> None:
    house = House()
    with pytest.raises(ValueError, match="no drawn picture"):
        await house.links.link(key, "image/png")
    until = "1900000000"
    signed = house.links._signature(key, until)
    assert (await house.links.answer(key, until, signed)).status_code == 404


async def test_what_is_no_picture_is_saved_and_never_shown() -> None:
    house = House()
    reply = await house.ask(await house.links.link(OTHER, "image/png"))
    assert (reply.headers["content-type"], reply.headers["content-disposition"]) == (
        "application/octet-stream",
        "attachment",
    )


async def test_a_deleted_picture_and_a_store_that_is_away() -> None:
    house = House()
    url = await house.links.link(KEY, "image/png")
    await house.store.delete([KEY])
    assert (await house.ask(url)).status_code == 404

    async def away(key: str) -> bytes:
        raise PicturesUnavailable("gone")

    house.store.get = away  # type: ignore[method-assign]
    reply = await house.ask(url)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "30")


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=60))
async def test_any_words_are_answered(key: str, until: str, sig: str) -> None:
    assert (await House().links.answer(key, until, sig)).status_code == 404


async def test_the_running_bot_answers_its_own_links(tmp_path: Path) -> None:
    async with running_bot(tmp_path, {"HTTP_HOST": "0.0.0.0", "IMAGINE_PLAYGROUND": "on"}) as bot:  # noqa: S104
        await bot.house.pictures.put(KEY, PNG, "image/png")
        url = await bot.house.links.link(KEY, "image/png")
        async with httpx.AsyncClient() as client:
            reply = await client.get(url)
    assert (reply.status_code, reply.content) == (200, PNG)


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        ({"PUBLIC_URL": "https://bot.example.org/i/"}, f"https://bot.example.org/i/links/{KEY}?until="),
        ({"PICTURES_PUBLIC_URL": "https://cdn.example.org/p/"}, f"https://cdn.example.org/p/{KEY}"),
        ({"PICTURES_URL": "s3://shelf/deep"}, f"https://s3.us-east-1.amazonaws.com/shelf/deep/{KEY}?X-Amz-"),
    ],
)
async def test_who_answers_is_chosen_by_the_settings(
    settings: dict[str, str], begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "key-secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    bot = Bot(load_settings({"IMAGINE_DATA_DIR": str(tmp_path), "HTTP_PORT": "0", **settings}, None))
    assert (await bot.house.links.link(KEY, "image/png")).startswith(begins)
    with pytest.raises(ValueError, match="no drawn picture"):
        await bot.house.links.link("inputs/abc", "image/png")
    bot.pool.close()
    await bot.db.close()

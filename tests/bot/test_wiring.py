"""What wiring decides: who gets a webhook address, whose hosts are trusted, which providers are on."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.errors import StartError
from bot.jobs.place import Platform
from bot.playground.front import PlaygroundFront
from bot.policy.together import Together
from bot.settings_load import load_settings
from bot.web.server import WebServer
from bot.wiring import Bot
from bot.wiring.draw import VENDORS

PUBLIC = {"PUBLIC_URL": "https://bot.example.org"}


def built(folder: Path, **settings: str) -> Bot:
    return Bot(load_settings({"IMAGINE_DATA_DIR": str(folder), "HTTP_PORT": "0", **settings}, None))


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        ({}, False),
        ({"PUBLIC_URL": "http://bot.example.org"}, False),
        (PUBLIC, True),
        ({"PUBLIC_URL": "http://127.0.0.1:9", "BFL_BASE_URL": "http://127.0.0.1:8/v1"}, True),
    ],
)
async def test_the_real_services_get_https_addresses_only(tmp_path: Path, settings: dict[str, str], given: bool) -> None:
    bot = built(tmp_path, BFL_API_KEY="key", **settings)
    assert (bot.house.webhook_url("bfl", "call") is not None) is given


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("draw.lan:8080", {}, 200),
        ("DRAW.lan", {}, 200),
        ("bot.example.org", {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}, 200),
        ("evil.example.org", {}, 403),
        ("example.org", {}, 403),
    ],
)
async def test_the_playground_goes_by_the_names_that_people_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setattr(WebServer, "port", 8080)
    bot = built(tmp_path, HTTP_HOST="Draw.lan", PUBLIC_URL="https://Bot.example.org:8443/draw")
    address, _, key = bot.url.partition("?key=")
    assert address == "http://Draw.lan:8080/"
    reply = await opened(bot, f"/?key={key}", {"host": host, **headers})
    assert reply.status_code == status
    assert (await opened(bot, "/", {"host": host, **headers})).status_code in {401, 403}, "no name is enough by itself"


async def test_without_a_key_the_public_name_opens_no_playground(tmp_path: Path) -> None:
    bot = built(tmp_path, **PUBLIC)
    assert (await opened(bot, "/", {"host": "bot.example.org"})).status_code == 403
    assert (await opened(bot, "/", {"host": "localhost", "x-forwarded-for": "203.0.113.9"})).status_code == 403
    assert [(await opened(bot, "/", {"host": own})).status_code for own in ("localhost", "127.0.0.1:8080")] == [200, 200]


async def opened(bot: Bot, path: str, headers: dict[str, str]) -> httpx.Response:
    """The playground's page as the bot that was built serves it."""
    front = bot.fronts[Platform.PLAYGROUND]
    assert isinstance(front, PlaygroundFront)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front.app), base_url="http://bot") as client:
        return await client.get(path, headers=headers)


async def test_providers_are_those_with_a_key_else_sketch(tmp_path: Path) -> None:
    assert names(built(tmp_path)) == ["sketch"]
    assert names(built(tmp_path, GEMINI_API_KEY="a", BFL_API_KEY="b")) == ["bfl", "gemini"]
    assert names(built(tmp_path, GEMINI_API_KEY="a", IMAGINE_PROVIDERS="sketch,gemini")) == ["sketch", "gemini"]


async def test_a_changed_base_url_is_trusted_for_that_providers_pictures(tmp_path: Path) -> None:
    bot = built(tmp_path, BFL_API_KEY="b", BFL_BASE_URL="http://10.0.0.5:99/v1", FAL_KEY="f")
    assert bot.house.trusted_hosts == {"bfl": "10.0.0.5:99"}


@pytest.mark.parametrize("wanted", ["nobody", "fal"])
async def test_a_provider_that_is_not_set_up_stops_the_start(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(StartError, match=wanted):
        built(tmp_path, IMAGINE_PROVIDERS=wanted)


async def test_an_own_price_list_wins(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('[bfl."flux-2-pro"]\ndraw = 31_000\nseen = 2026-12-01\n')
    bot = built(tmp_path, BFL_API_KEY="b", GEMINI_API_KEY="g", IMAGINE_PRICES=str(own))
    bfl, gemini = (provider.capabilities for provider in bot.house.providers.all())
    assert (bfl.price, bfl.price_seen, bfl.price_estimate) == (31_000, "2026-12-01", False)
    assert (gemini.price, gemini.price_seen) == (67_000, "2026-11-21")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, r"prices\.toml can't be read"),
        ("[bfl", r"prices\.toml is no TOML"),
        ('[bfl."*"]\ndraw = "dear"', r'bfl\."\*"\.draw is \'dear\', expected a whole number'),
        ('[dalle."*"]\ndraw = 1\nseen = 2026-11-21', "dalle has no prices, expected one of bfl, fal"),
    ],
)
async def test_a_price_list_that_makes_no_sense_stops_the_start(tmp_path: Path, text: str | None, said: str) -> None:
    own = tmp_path / "prices.toml"
    if text is not None:
        own.write_text(text)
    with pytest.raises(StartError, match=f"^IMAGINE_PRICES: .*{said}"):
        built(tmp_path, IMAGINE_PRICES=str(own))


async def test_every_provider_that_costs_has_a_dated_price(tmp_path: Path) -> None:
    keys = {vendor.key.upper(): "whsec_c2VjcmV0c2VjcmV0" for vendor in VENDORS.values() if vendor.key}
    for provider in built(tmp_path, **keys).house.providers.all():
        can = provider.capabilities
        assert can.price > 0, can.name
        assert can.price_seen, can.name
        assert can.upscale_price > 0 or not can.upscale, can.name


def names(bot: Bot) -> list[str]:
    return [provider.capabilities.name for provider in bot.house.providers.all()]


async def test_nobody_moderates_unless_somebody_is_named(tmp_path: Path) -> None:
    assert built(tmp_path, OPENAI_API_KEY="key").house.moderation is None


async def test_the_named_moderation_is_built(tmp_path: Path) -> None:
    bot = built(tmp_path, OPENAI_API_KEY="key", IMAGINE_MODERATION="openai")
    assert bot.house.moderation is bot.moderations["openai"]
    assert (bot.house.moderation.texts, bot.house.moderation.pictures) == (True, True)


async def test_a_moderation_without_its_key_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="names openai, but OPENAI_API_KEY is not set"):
        built(tmp_path, IMAGINE_MODERATION="openai")


async def test_a_classifier_that_is_not_installed_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.moderation_local.find_spec", lambda _: None)
    with pytest.raises(StartError, match=r"pip install \"imagine-bot\[nsfw\]\""):
        built(tmp_path, IMAGINE_MODERATION="local")


async def test_two_moderations_are_asked_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.moderation_local.find_spec", lambda _: object())
    bot = built(tmp_path, OPENAI_API_KEY="key", IMAGINE_MODERATION="local,openai")
    assert list(bot.moderations) == ["local", "openai"]
    assert isinstance(bot.house.moderation, Together)

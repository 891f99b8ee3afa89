"""What wiring decides: who gets a webhook address, whose hosts are trusted, which providers are on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StartError
from bot.settings_load import load_settings
from bot.wiring import Bot

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


def names(bot: Bot) -> list[str]:
    return [provider.capabilities.name for provider in bot.house.providers.all()]

"""Each adapter, built from real settings, asks its vendor whether the key is good, and pays nothing for it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.imaging.pool import PixelPool
from bot.settings_load import load_settings
from bot.wiring.draw import build_providers, new_client
from tests.scenarios.providers.vendors import VENDORS


@pytest.mark.parametrize("name", VENDORS)
async def test_check_says_that_the_key_is_good(tmp_path: Path, name: str) -> None:
    async with VENDORS[name].api() as api, new_client() as client:
        settings = load_settings({"IMAGINE_DATA_DIR": str(tmp_path), **VENDORS[name].settings(api.base)}, None)
        pool = PixelPool()
        (provider,) = build_providers(settings, pool, time.time, client)
        health = await provider.check()
        pool.close()
        assert provider.capabilities.name == name.partition(",")[0]
        assert health.ok, health.sentence
        refused = VENDORS[name].refused_check
        assert [sentence for sentence in api.violations if not refused or refused not in sentence] == []
        assert api.paid == 0

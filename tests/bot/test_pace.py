"""How soon a provider is asked again: sooner and later by whether it can call us back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.jobs.model import Call, CallState
from bot.jobs.steps import watch
from tests.bot.test_wiring import built

ACCOUNTS = {"BFL_API_KEY": "key"}


def looks(folder: Path, polls: int, **settings: str) -> tuple[float, float]:
    """Seconds to the next look after `polls` of them, and the provider's own cap."""
    bot = built(folder, **ACCOUNTS, IMAGINE_POLL_SECONDS="2", **settings)
    bot.house.random = lambda: 0.5
    provider = bot.house.providers.get("bfl")
    assert provider is not None
    call = Call("c", "j", 0, 0, "bfl", CallState.ACCEPTED, 1, time.time(), polls=polls)
    return watch._next_look(bot.house, provider, [call]), provider.capabilities.poll_cap


@pytest.mark.parametrize("public", [{}, {"PUBLIC_URL": "http://bot.example.org"}])
async def test_a_vendor_that_gets_no_webhook_address_is_asked_at_the_usual_pace(
    tmp_path: Path, public: dict[str, str]
) -> None:
    wait, cap = looks(tmp_path, 50, **public)
    assert wait == cap


async def test_below_a_webhook_the_looks_become_rarer_but_begin_as_soon(tmp_path: Path) -> None:
    public = {"PUBLIC_URL": "https://bot.example.org"}
    wait, cap = looks(tmp_path, 50, **public)
    assert wait == 4 * cap
    assert looks(tmp_path, 0, **public)[0] == looks(tmp_path, 0)[0] == 2.0

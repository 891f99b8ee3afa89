"""A global rate limit that lasts longer than our patience with one call."""

from __future__ import annotations

import asyncio

import pytest

from bot.discord.convert import TOKEN_SECONDS
from bot.discord.gate import Gate
from bot.jobs.chat_port import ChatError
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.fakes.discord import routes

CARD = Card(Tone.RUNNING, title="a lighthouse", status="drawing", percent=50)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """So long the client waits for a rate limit."""
    monkeypatch.setattr("bot.discord.client.MAX_RATELIMIT_SECONDS", 0.5)


@pytest.mark.usefixtures("short")
async def test_a_call_that_gives_up_in_it_closes_nothing_for_the_others(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.clock.advance(TOKEN_SECONDS)
    live.fake.limit(routes.EDIT_MESSAGE, retry_after=0.4, everywhere=True)
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 0.1)
    with pytest.raises(ChatError, match="rate limited"):
        await live.front.chat.edit(placed, CARD)
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 5.0)
    await live.front.chat.edit(placed, CARD)
    assert [call.status for call in live.fake.calls if call.route == routes.EDIT_MESSAGE] == [429, 200]
    assert interaction.message is not None
    assert "50 % drawing" in interaction.message.text


async def test_a_gate_opens_by_itself_at_the_last_moment() -> None:
    gate = Gate(0.01)
    assert gate.is_set()
    gate.clear()
    assert not gate.is_set()
    await asyncio.wait_for(gate.wait(), 5)


async def test_who_opens_it_opens_it_for_good() -> None:
    gate = Gate(60.0)
    gate.clear()
    timer = gate._timer
    assert timer is not None
    gate.set()
    assert timer.cancelled(), "it would open what somebody else has shut meanwhile"
    assert gate.is_set()

"""How often the bot begins a session: it waits longer and longer, and never for one more than Discord allows."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.discord.config import DiscordConfig
from bot.discord.front import DiscordFront
from bot.discord.sessions import LASTING_SECONDS, MOST_SECONDS, Row
from bot.errors import ChatAway
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import StubCore, StubFetcher, StubPictures, until
from tests.bot.discord.test_front import at_once
from tests.fakes.discord import FakeDiscord, ManualClock

pytestmark = pytest.mark.usefixtures("addresses")


def test_the_wait_grows_until_a_connection_has_lasted() -> None:
    row = Row()
    waits = [row.ended(1.0) for _ in range(12)]
    assert waits[:5] == [0.0, 1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == MOST_SECONDS
    assert (row.ended(LASTING_SECONDS), row.ended(1.0)) == (0.0, 1.0)


def test_a_day_of_short_sessions_is_far_from_a_thousand() -> None:
    row, seconds, sessions = Row(), 0.0, 0
    while seconds < 86_400:
        seconds += 1.0 + row.ended(1.0)
        sessions += 1
    assert sessions < 500


@pytest.fixture
def hasty(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause before an identify, and little before a login."""
    monkeypatch.setattr(live.client, "before_identify_hook", at_once)
    monkeypatch.setattr("bot.discord.front.AGAIN_SECONDS", 0.01)
    monkeypatch.setattr("bot.discord.sessions.FIRST_SECONDS", 0.01)


@pytest.mark.usefixtures("hasty")
async def test_events_that_cannot_be_read_in_session_after_session(live: Live) -> None:
    live.fake.guild()
    live.fake.gateway.garbled = 4
    with capture_logs() as said:
        live.fake.invalidate_sessions()
        await until(lambda: live.fake.gateway.garbled == 0 and live.front.ready)
    assert [line["wait"] for line in said if line["event"].startswith("discord gateway lost")] == [0.0, 0.01, 0.02, 0.04]
    assert live.fake.gateway.identifies == 1 + 1 + 4
    await imagine(live, live.fake.user(), live.fake.channel())


@pytest.mark.usefixtures("hasty")
async def test_when_all_are_used_up_it_waits_for_the_next_and_edits_go_on(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.fake.guild()
    live.fake.gateway.garbled, live.fake.gateway.starts, live.fake.gateway.reset_after = 99, 3, 3_600_000
    with capture_logs() as said:
        live.fake.invalidate_sessions()
        await until(lambda: any(line["event"] == "discord allows no session of the gateway today" for line in said))
    assert live.fake.gateway.identifies == 3
    assert not live.front.ready
    await live.front.chat.edit(placed, Card(Tone.RUNNING, status="drawing", percent=50))
    assert interaction.message is not None
    assert "50 % drawing" in interaction.message.text


async def test_a_start_that_is_one_too_many_is_not_begun() -> None:
    async with FakeDiscord() as fake:
        fake.gateway.starts, fake.gateway.reset_after = 0, 60_000
        one = DiscordFront(DiscordConfig(fake.token, api_url=fake.api_url), StubPictures(), StubFetcher(), ManualClock())
        with pytest.raises(ChatAway) as caught:
            await one.start(StubCore())
        assert caught.value.wait == 60.0
        assert fake.gateway.identifies == 0
        fake.gateway.starts = 1
        await one.start(StubCore())
        await one.stop()

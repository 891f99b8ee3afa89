"""Rate limits of a token or of a channel's route that last longer than our patience with one call."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.discord.convert import TOKEN_SECONDS
from bot.discord.limits import bucket
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.model import Job
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.fakes.discord import routes

CARD = Card(Tone.RUNNING, title="a lighthouse", status="drawing", percent=50)
WEBHOOK = "https://discord.com/api/v10/webhooks/123456789012345678"
CHANNEL = "https://discord.com/api/v10/channels/123456789012345678"


def edits(live: Live) -> list[int]:
    return [call.status for call in live.fake.calls if call.method == "PATCH"]


async def refused(live: Live, job: Job) -> ChatError:
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(job, CARD)
    assert caught.value.fault is ChatFault.BUSY
    assert caught.value.retry_after is not None
    return caught.value


@pytest.mark.parametrize("by_token", [True, False])
async def test_a_call_that_gives_up_says_what_is_left_and_nobody_asks_before(
    live: Live, monkeypatch: pytest.MonkeyPatch, *, by_token: bool
) -> None:
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    if not by_token:
        live.clock.advance(TOKEN_SECONDS)
    live.fake.limit("PATCH /webhooks" if by_token else "PATCH /channels", retry_after=0.6)
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 0.2)
    assert 0.2 < ((await refused(live, placed)).retry_after or 0) < 0.5
    await refused(live, placed)
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 5.0)
    await live.front.chat.edit(placed, CARD)
    assert edits(live) == [429, 200]
    assert live.fake.faults.inside == 0


async def test_what_cannot_be_sent_in_time_is_told_at_once(live: Live) -> None:
    """So that the end of a job need not wait for a progress edit that only sleeps."""
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.clock.advance(TOKEN_SECONDS)
    live.fake.limit("PATCH /channels", retry_after=77.0)
    for _ in range(2):
        assert 70 < ((await asyncio.wait_for(refused(live, placed), 5.0)).retry_after or 0) <= 77
    assert edits(live) == [429]


async def test_the_other_jobs_of_a_channel_wait_too_and_those_elsewhere_do_not(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = live.fake.channel()
    first, second, other = [
        (await imagine(live, live.fake.user(), where))[1] for where in (channel, channel, live.fake.channel())
    ]
    live.clock.advance(TOKEN_SECONDS)
    live.fake.limit(routes.EDIT_MESSAGE, retry_after=1.0)
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 0.1)
    await refused(live, first)
    await refused(live, second)
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 5.0)
    await live.front.chat.edit(other, CARD)
    assert edits(live) == [429, 200]
    await live.front.chat.edit(second, CARD)
    assert live.fake.faults.inside == 0


async def test_a_limit_of_everything_that_is_longer_than_the_library_waits_holds_every_channel(live: Live) -> None:
    jobs = [(await imagine(live, live.fake.user(), live.fake.channel()))[1] for _ in range(2)]
    live.clock.advance(TOKEN_SECONDS)
    live.fake.limit(routes.EDIT_MESSAGE, retry_after=42.5, everywhere=True)
    for job in jobs:
        await refused(live, job)
    assert edits(live) == [429]


async def test_an_answer_to_an_interaction_does_not_wait_for_the_limit_of_everything(live: Live) -> None:
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    _, young = await imagine(live, live.fake.user(), live.fake.channel())
    assert placed.message is not None
    live.fake.limit(routes.DELETE_MESSAGE, retry_after=42.5, everywhere=True)
    with pytest.raises(discord.RateLimited):
        await live.front.chat._channel.delete(placed.message)
    await live.front.chat.edit(young, CARD)
    assert edits(live) == [200]


def test_a_token_is_counted_as_one_and_a_channel_by_its_routes() -> None:
    assert bucket("PATCH", f"{WEBHOOK}/tok/messages/@original") == bucket("POST", f"{WEBHOOK}/tok")
    assert bucket("PATCH", f"{WEBHOOK}/tok") != bucket("PATCH", f"{WEBHOOK}/other")
    one, two = (f"{CHANNEL}/messages/{number}" for number in (223456789012345678, 323456789012345678))
    assert bucket("PATCH", one) == bucket("PATCH", two) != bucket("DELETE", two)
    assert bucket("POST", f"{CHANNEL}/messages") != bucket("PATCH", CHANNEL)
    assert not bucket("POST", "https://discord.com/api/v10/interactions/123456789012345678/tok/callback")

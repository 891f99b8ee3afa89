"""Discord fails around a whole bot: every message ends, units are right, nothing stands or is paid twice.

Rows that other files prove (10062, receipts that are lost, files that are too large, ...) are named in docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord.front import DiscordFront
from bot.jobs.house import Tries
from bot.jobs.model import JobState
from bot.jobs.place import Platform
from bot.texts import states
from tests.fakes.discord import Channel, Message, User, routes
from tests.fakes.discord.model import ATTACH
from tests.fakes.discord.outage import come_back, go_away
from tests.scenarios.discord.easel import CAPABILITIES, Easel
from tests.scenarios.discord.server import WITHIN, Server, open_server
from tests.scenarios.discord.test_answers import slow_store
from tests.scenarios.discord.test_places import LIFE
from tests.support.wait import eventually

EACH = 5
"""Jobs of one person."""
GLOBAL, ROUTE = 0.5, 0.2
"""Seconds that Discord asks us to wait."""
POLL = 1.0
"""Seconds between two looks at a running job: a hundred of them wait here."""
ROOM = {"IMAGINE_POLL_SECONDS": str(POLL), "IMAGINE_RUNNING": "100", "IMAGINE_USER_RUNNING": str(EACH)}


@asynccontextmanager
async def patient(folder: Path, **settings: str) -> AsyncIterator[tuple[Server, Easel]]:
    """A bot with its real number of tries, and short waits between them."""
    easel = Easel(replace(CAPABILITIES, poll_first=POLL, poll_cap=POLL))
    async with open_server(folder, easel, **settings) as server:
        hurry(server)
        yield server, easel


def hurry(server: Server) -> None:
    """The bot's own tries; the library's pauses between two connections are cut short."""
    house = server.bot.house
    house.tries, house.timing = Tries(), replace(house.timing, backoff_first=0.05, backoff_cap=0.3)
    for shard in front_of(server).client._AutoShardedClient__shards.values():  # type: ignore[attr-defined]
        shard._backoff.delay = lambda: 0.05


def front_of(server: Server) -> DiscordFront:
    front = server.bot.fronts[Platform.DISCORD]
    assert isinstance(front, DiscordFront)
    return front


def standing(server: Server) -> list[Message]:
    """Every message that somebody can see."""
    return [message for message in server.fake.messages.values() if not message.deleted]


async def rows(server: Server, state: JobState, count: int) -> None:
    """Wait until so many jobs are in a state."""

    async def there() -> bool:
        return len(await server.bot.store.jobs([state], 500)) == count

    await eventually(there, WITHIN)


@pytest.mark.parametrize("crowd", [3, pytest.param(20, marks=pytest.mark.slow)])
async def test_ten_minutes_away_while_jobs_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crowd: int) -> None:
    """No gateway, no REST, tokens over; then 503 for a while, and a gateway that drops whom it takes. Long: 100 jobs."""
    monkeypatch.setattr("bot.discord.front.AGAIN_SECONDS", 0.05)
    jobs = crowd * EACH
    async with patient(tmp_path, **ROOM) as (server, easel):
        fake = server.fake
        people = [fake.user(f"user{number}") for number in range(crowd)]
        asked = [fake.slash(one, server.art, "imagine", prompt=f"fox {turn}") for one in people for turn in range(EACH)]
        shown = [await one.response(WITHIN) for one in asked]
        await rows(server, JobState.RUNNING, jobs)
        await go_away(fake)
        server.clock.ahead += LIFE
        easel.finish()
        await rows(server, JobState.STORED, jobs)
        fake.gateway.overloaded = 1
        fake.fail(routes.EDIT_MESSAGE, 503, times=jobs // 2)
        sent = len(fake.calls)
        await come_back(fake)
        await rows(server, JobState.DELIVERED, jobs)
        assert all(len(message.images) == len(message.attachments) == 1 for message in shown)
        assert len(standing(server)) == len(easel.paid) == jobs
        assert [await server.used(one) for one in people] == [4 * EACH] * crowd
        assert not any("/webhooks/" in call.route for call in list(fake.calls)[sent:])
        await server.until(lambda: fake.gateway.ready and front_of(server).ready)
        assert fake.gateway.overloaded == 0
        assert (await server.drawn("and on it goes")).has_button("U1")
        assert (await server.child(shown[0], "U1")).images


async def test_rate_limits_are_obeyed_and_nothing_is_lost(tmp_path: Path) -> None:
    """The acknowledgement's route, the channel's route, and all routes at once."""
    async with patient(tmp_path, **ROOM) as (server, easel):
        fake = server.fake
        fake.limit(routes.CALLBACK, retry_after=ROUTE)
        shown = [await server.placed(f"fox {turn}") for turn in range(EACH)]
        await rows(server, JobState.RUNNING, EACH)
        server.clock.ahead += LIFE
        fake.limit(routes.EDIT_MESSAGE, retry_after=GLOBAL, everywhere=True)
        fake.limit(routes.EDIT_MESSAGE, times=2, retry_after=ROUTE)
        easel.finish()
        await rows(server, JobState.DELIVERED, EACH)
        edits = [call for call in fake.calls if call.route == routes.EDIT_MESSAGE]
        limited = [number for number, call in enumerate(edits) if call.status == 429]
        pauses = [edits[number + 1].time - edits[number].time for number in limited]
        assert len(pauses) == 3
        assert pauses[0] >= GLOBAL
        assert min(pauses) >= ROUTE
        assert all(len(message.images) == 1 for message in shown)
        assert len(standing(server)) == len(easel.paid) == EACH
        assert await server.used() == 4 * EACH


async def test_server_errors_at_every_call(tmp_path: Path) -> None:
    """Acknowledgement and edit: an error before the effect, and one after it."""
    async with patient(tmp_path) as (server, easel):
        easel.finish()
        server.fake.fail(routes.CALLBACK, 500)
        shown = await server.placed()
        server.fake.fail("PATCH /webhooks", 503, after=True)
        await server.finished(shown)
        assert len(shown.images) == len(shown.attachments) == len(standing(server)) == len(easel.paid) == 1
        assert await server.used() == 4


def lost(server: Server, how: str) -> Channel:
    """A place that `lose` will take away."""
    home = server.fake.channel(server.fake.guild(how), how)
    return server.fake.thread(home) if "thread" in how else home


def lose(server: Server, how: str, place: Channel) -> None:
    """What its name says."""
    if "deleted" in how:
        server.fake.remove(place)
    elif "kicked" in how:
        assert place.guild is not None
        server.fake.kick(place.guild)
    else:
        place.bot_permissions &= ~ATTACH


WAYS = ("channel deleted", "thread deleted", "kicked", "stripped of attaching")


async def test_a_place_that_is_lost_in_mid_job(tmp_path: Path) -> None:
    """Each with tokens over and with living ones; the pictures come privately. One person takes no private messages."""
    async with patient(tmp_path, **ROOM) as (server, easel):
        server.expected |= {"undeliverable"}
        fake = server.fake
        cases: dict[tuple[str, str], tuple[User, Channel]] = {}
        for age in ("over", "alive"):
            for how in WAYS:
                cases[how, age] = person, place = fake.user(f"{how} {age}"), lost(server, how)
                await server.placed(how, user=person, channel=place)
            if age == "over":
                closed = fake.user("closed", dms_open=False)
                cases["channel deleted", "closed"] = closed, lost(server, "channel deleted")
                await server.placed("closed", user=closed, channel=cases["channel deleted", "closed"][1])
                await rows(server, JobState.RUNNING, len(cases))
                server.clock.ahead += LIFE
        await rows(server, JobState.RUNNING, len(cases))
        for (how, _), (_, place) in cases.items():
            lose(server, how, place)
        easel.finish()
        await rows(server, JobState.DELIVERED, len(cases) - 1)
        await rows(server, JobState.FAILED, 1)
        for (how, age), (person, place) in cases.items():
            seen = [one for one in standing(server) if one.images and one.channel in (fake.dm(person), place)]
            assert len(seen) == (age != "closed"), (how, age, seen)
            assert await server.used(person) == (0 if age == "closed" else 4)
            if "deleted" in how and seen:
                assert states.WITHDRAWN in seen[0].text
        assert len(easel.paid) == len(cases)


@pytest.mark.parametrize("slow", [False, True])
async def test_interactions_that_come_again_after_a_restart(tmp_path: Path, *, slow: bool) -> None:
    """A command and a press, both delivered to the next process once more: nothing is drawn, charged or posted twice.

    Slow: both are deferred first, which Discord refuses, and their answers must not take the messages away.
    """
    async with patient(tmp_path) as (server, easel):
        easel.finish()
        shown = await server.drawn()
        child = await server.child(shown, "V1")
        asked = list(server.fake.interactions.values())
        assert len(asked) == 2
        await server.restart()
        before, gate = server.fake.count(routes.CALLBACK), slow_store(server)
        if not slow:
            gate.set()
        for one in asked:
            server.fake.again(one)
        await server.until(lambda: server.fake.count(routes.CALLBACK) >= before + 2)
        gate.set()
        await server.drawn("another", user=server.bob)
        assert len(easel.paid) == len(await server.bot.store.jobs([], 10)) == 3
        assert await server.used() == 8
        assert {message.id for message in standing(server)} >= {shown.id, child.id}
        assert len([message for message in standing(server) if not message.ephemeral]) == 3


async def test_a_token_that_is_reset_while_jobs_run(tmp_path: Path) -> None:
    """Discord closes the gateway for good: readiness and the log say so; the jobs wait for the next start."""
    async with patient(tmp_path) as (server, easel):
        server.expected |= {"discord gateway closed for good"}
        shown = await server.placed()
        await rows(server, JobState.RUNNING, 1)
        await server.fake.close_gateway(4004)
        await server.until(lambda: not front_of(server).ready)
        easel.finish()
        await rows(server, JobState.STORED, 1)
        await server.restart()
        await server.finished(shown)
        assert len(standing(server)) == len(easel.paid) == 1
        assert await server.used() == 4

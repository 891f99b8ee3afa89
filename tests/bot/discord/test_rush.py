"""In a rush acknowledgements go before work."""

from __future__ import annotations

import asyncio

import pytest

from bot.discord.rush import ROOM, TOGETHER, Rush
from tests.bot.discord.conftest import Live
from tests.fakes.discord.callback_routes import DEFER


async def test_rush_lets_so_many_through_at_a_time() -> None:
    rush, going, most = Rush(room=2), 0, 0

    async def work(number: int) -> int:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0)
        going -= 1
        return number

    assert await asyncio.gather(*(rush.through(work(number)) for number in range(7))) == list(range(7))
    assert most == 2
    assert not rush.full


async def test_rush_is_full_while_its_places_are_taken() -> None:
    rush, end = Rush(room=1), asyncio.Event()
    assert not rush.full
    taken = asyncio.create_task(rush.through(end.wait()))
    await asyncio.sleep(0)
    assert rush.full
    end.set()
    await taken
    assert not rush.full


async def test_a_place_is_free_again_after_a_fault() -> None:
    rush = Rush(room=1)

    async def broken() -> None:
        raise ValueError("as the test wants")

    await asyncio.gather(rush.through(broken()), return_exceptions=True)
    assert not rush.full


@pytest.mark.usefixtures("addresses")
async def test_in_a_rush_the_rest_is_deferred_before_the_core_is_asked(live: Live) -> None:
    released, channel = asyncio.Event(), live.fake.channel()
    live.core.hold = released.is_set
    asked = [live.fake.slash(live.fake.user(), channel, "imagine", prompt="a lighthouse") for _ in range(ROOM + 4)]
    acks = [await one.acknowledged() for one in asked]
    assert {ack.type for ack in acks} == {DEFER}
    assert len(live.core.asked) == ROOM
    released.set()
    for one in asked:
        assert "a lighthouse at dusk" in (await one.response()).text
    assert len(live.core.asked) == ROOM + 4


async def test_a_crowd_ends_the_patience_of_those_at_the_core() -> None:
    rush, end = Rush(room=1), asyncio.Event()
    work = asyncio.ensure_future(rush.through(end.wait()))
    await asyncio.sleep(0)
    direct = asyncio.create_task(rush.direct(work, 60.0))
    await asyncio.sleep(0)
    assert not direct.done()
    assert rush.full
    assert rush.full
    assert await asyncio.wait_for(direct, 1) is False
    over = asyncio.create_task(rush.direct(work, 0.0))  # its time is up already when the crowd comes
    await asyncio.sleep(0)
    assert rush.full
    assert await asyncio.wait_for(over, 1) is False
    end.set()
    assert await rush.direct(work, 60.0) is True


async def test_what_was_deferred_waits_until_nobody_is_being_acknowledged() -> None:
    rush, done = Rush(), list[str]()

    async def work() -> None:
        done.append("work")

    async with rush.acknowledging():
        async with rush.acknowledging():
            later = asyncio.create_task(rush.later(work()))
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not done
        await rush.through(work())  # who came before the crowd goes on
        assert done == ["work"]
    await asyncio.wait_for(later, 1)
    assert done == ["work", "work"]


async def test_a_crowd_without_an_end_stops_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.rush.CALM_SECONDS", 0.01)
    rush = Rush()
    async with rush.acknowledging():
        assert await asyncio.wait_for(rush.later(asyncio.sleep(0, "worked")), 1) == "worked"


async def test_acknowledgements_use_the_connections_of_others() -> None:
    rush, going, most = Rush(), 0, 0

    async def acknowledge() -> None:
        nonlocal going, most
        async with rush.acknowledging():
            going += 1
            most = max(most, going)
            await asyncio.sleep(0)
            going -= 1

    await asyncio.gather(*(acknowledge() for _ in range(3 * TOGETHER)))
    assert most == TOGETHER
    assert await asyncio.wait_for(rush.later(asyncio.sleep(0, "worked")), 1) == "worked"


async def test_where_others_hang_one_takes_a_connection_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.rush.TURN_SECONDS", 0.01)
    rush, end = Rush(), asyncio.Event()

    async def hang() -> None:
        async with rush.acknowledging():
            await end.wait()

    hanging = [asyncio.create_task(hang()) for _ in range(TOGETHER + 1)]
    await asyncio.sleep(0)
    hanging.pop().cancel()
    for _ in range(2):
        async with asyncio.timeout(1), rush.acknowledging():
            assert not any(one.done() for one in hanging)
    end.set()
    await asyncio.gather(*hanging)
    assert rush._turns._value == TOGETHER
    assert rush._calm.is_set()

"""In a rush acknowledgements go before work."""

from __future__ import annotations

import asyncio

import pytest

from bot.discord.rush import ROOM, Rush
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

"""Many log entries for one channel: told of in one message, and none for what nobody wants any more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.messenger import Messenger
from bot.policy.community import Community
from bot.policy.records import Entry, What
from tests.bot.desk import hall
from tests.bot.desk.notices import due, notices
from tests.support.core import Core, running_core


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path) as running:
        await hall.settled(running, review_channel="mods", log_channel="log")
        yield running


async def write(core: Core, count: int, what: What = What.RULE) -> None:
    for number in range(count):
        await core.house.policy.record(Entry(hall.HERE, what, actor="playground:mod", name="Mod", text=f"number {number}"))


async def test_a_flood_is_summed(core: Core) -> None:
    await write(core, 60)
    messenger = Messenger(core.house)
    assert await messenger.round() == 2.0
    ((summary,),) = notices(core).values()
    assert summary.status.startswith("50 entries came at once: 50 rule.")
    await messenger.round()
    assert len(notices(core)) == 1, "one message in two seconds"
    for _ in range(10):
        core.clock.ahead += 2.1
        await messenger.round()
    last = [cards[-1].status.rpartition(" ")[2] for cards in notices(core).values()][1:]
    assert last == [str(number) for number in range(50, 60)]
    assert await due(core) == 0


async def test_a_few_more_are_no_flood(core: Core) -> None:
    await write(core, 14)
    messenger = Messenger(core.house)
    for _ in range(14):
        await messenger.round()
        core.clock.ahead += 2.1
    assert [cards[-1].status.rpartition(" ")[2] for cards in notices(core).values()] == [str(one) for one in range(14)]


async def test_a_busy_channels_sum_says_what_happened(core: Core) -> None:
    await write(core, 2, What.ACCEPTED)
    core.clock.ahead += 11.0
    await write(core, 4, What.REFUSED)
    await write(core, 10)
    await Messenger(core.house).round()
    ((summary,),) = notices(core).values()
    assert summary.status == "6 entries came at once: 2 asked, 4 refused. /imagine-admin log shows them."


async def test_summed_entries_of_an_erased_user_bring_no_message(core: Core) -> None:
    for number in range(30):
        await core.house.policy.record(Entry(hall.HERE, What.FLAGGED, subject="playground:ann", text=str(number)))
    messenger = Messenger(core.house)
    await messenger.round()
    before = len(notices(core))
    await core.house.policy.erase("playground:ann", Entry("", What.ERASED), core.clock())
    for _ in range(25):
        core.clock.ahead += 2.1
        await messenger.round()
    assert len(notices(core)) == before + 10
    assert await due(core) == 0
    assert all("Ann" not in hall.words(cards[-1]) for cards in notices(core).values())


async def test_a_log_that_was_switched_off_swallows_what_waited(core: Core) -> None:
    await write(core, 30)
    await core.house.policy.save_community(hall.HERE, Community(), Entry(hall.HERE, What.SETTING))
    await Messenger(core.house).round()
    assert (notices(core), await due(core)) == ({}, 0)

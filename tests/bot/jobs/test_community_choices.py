"""What a community has chosen about providers and delivery holds for every job there, also after a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.asks import Private
from bot.jobs.model import JobState
from bot.policy.community import Community, Delivery
from bot.policy.records import Entry, What
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, Core, running_core

HERE = "playground:guild"


async def choose(core: Core, community: Community) -> None:
    await core.house.policy.save_community(HERE, community, Entry(HERE, What.SETTING))


def other(name: str) -> ScriptedProvider:
    return ScriptedProvider(replace(ASYNC, name=name, label=f"the {name}"))


async def test_its_own_order_of_providers(tmp_path: Path) -> None:
    second, third = other("second"), other("third")
    async with running_core(tmp_path, more=(second, third)) as core:
        assert (await core.drawn()).provider == "fake"
        await choose(core, Community(providers=("third", "second")))
        assert (await core.drawn()).provider == "third"
        assert [one.value for one in await core.service.suggest("provider", "", core.place)] == ["third", "second"]
        refused = await core.imagine("a fox --provider fake")
        assert isinstance(refused, Private)
        assert "third, second" in refused.card.lines[0]
        third.script = [ProviderError(Family.NO_MONEY, "402", accepted=Accepted.NO)]
        assert (await core.drawn()).provider == "second", "falls over inside the community's list"
    async with running_core(tmp_path, more=(second, third)) as core:
        assert (await core.drawn()).provider == "third"


@pytest.mark.parametrize("delivery", Delivery)
async def test_how_a_result_arrives(tmp_path: Path, delivery: Delivery) -> None:
    async with running_core(tmp_path) as core:
        await choose(core, Community(delivery=delivery))
        job = await core.drawn()
        assert job.state is JobState.DELIVERED
        assert bool(core.chat.pings) == (delivery is Delivery.PING)
        assert bool(core.chat.deleted) == (delivery is Delivery.REPOST)
        assert (await core.store.standing(job.actor.key, core.clock())).used == 4

"""/info, /settings, /help and "Show details" as people read them."""

from __future__ import annotations

from pathlib import Path

from bot.jobs.asks import Command, Private
from bot.jobs.catalog import COMMANDS
from bot.jobs.parameters import PARAMETERS
from bot.jobs.place import Place, Platform
from tests.support.core import Core, running_core

PLACE = Place(Platform.PLAYGROUND, "hall", community_id="guild")


async def page(core: Core, name: str) -> dict[str, str]:
    answer = await core.service.command(Command(core.ask(), name))
    assert isinstance(answer, Private)
    assert answer.card.private
    return dict(answer.card.facts)


async def test_info_tells_quota_reset_and_limits(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        await core.drawn()
        facts = await page(core, "info")
    assert facts["Left today"] == "96 of 100 pictures"
    assert "00:00 UTC" in facts["More come"]
    assert (facts["Running"], facts["Waiting"]) == ("0 of 3", "0 of 10")


async def test_help_names_every_command_and_parameter(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        facts = await page(core, "help")
    assert {f"/{command.name}" for command in COMMANDS} <= set(facts)
    assert all(parameter.usage in facts for parameter in PARAMETERS)


async def test_settings_show_what_is_set(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        facts = await page(core, "settings")
        assert set(facts.values()) == {"not set", "off"}


async def test_details_tell_seed_prompt_provider_time_cost_and_parent(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn("a fox --chaos 5")
        child = await core.press(f"i1:reroll:{parent.id}:0")
        job = await core.ended(child.job_id)  # type: ignore[union-attr]
        answer = await core.press(f"i1:details:{job.id}:0", "bob")
        assert isinstance(answer, Private)
        facts = dict(answer.card.facts)
        assert facts["Seed"] == "0, 1, 2, 3"
        assert facts["Prompt"] == "a fox --chaos 5"
        assert facts["Provider"] == "the fake"
        assert facts["Cost"] == "0.0400 USD"
        assert "Cost (estimated)" not in facts
        assert facts["Time"].endswith(" s")
        assert answer.card.links[0].url == f"chat://m-{parent.id}"


async def test_autocomplete(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        assert [choice.value for choice in await core.service.suggest("provider", "FA", PLACE)] == ["fake"]
        assert (await core.service.suggest("ratio", "16", PLACE))[0].value == "16:9"
        assert (await core.service.suggest("style", "water", PLACE))[0].value == "watercolor"
        assert await core.service.suggest("nothing", "x", PLACE) == []
        for option in ("provider", "ratio", "style"):
            assert len(await core.service.suggest(option, "", PLACE)) <= 25


async def test_until_the_end_the_cost_is_an_estimate(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        job_id = await core.accepted("a fox")
        answer = await core.press(f"i1:details:{job_id}:0")
    assert isinstance(answer, Private)
    facts = dict(answer.card.facts)
    assert facts["Cost (estimated)"] == "0.0400 USD"
    assert "Cost" not in facts

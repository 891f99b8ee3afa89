"""The settings' pages as an admin, a moderator and a member meet them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import guide
from bot.desk.admin.fields import SECTIONS
from bot.jobs.mentions import channel_mention, role_mention
from bot.jobs.place import Place, Platform
from bot.policy.community import Community, ReviewMode
from bot.policy.records import Entry, What
from bot.texts import admin as texts
from bot.texts import guide as guide_texts
from tests.support.admin import ANN, HERE, MOD, Hands, controls, form, refused, shown
from tests.support.core import Core, running_core


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path, started=False) as core:
        yield core


async def test_home_leads_to_every_section_and_page(core: Core) -> None:
    root = Hands(core)
    await root.command()  # the guide is shown once
    card = shown(await root.command())
    assert card.private
    assert {section.title for section in SECTIONS} <= dict(card.facts).keys()
    assert controls(card) == ["section", "usage", "review", "log", "rules", "tiers", "stop"]
    for section in SECTIONS:
        page = shown(await root.press("section", section.name))
        assert [label for label, _ in page.facts] == [setting.label for setting in section.settings]
        assert shown(await root.press(f"section_{section.name}")) == page
        assert form(await root.press(f"change_{section.name}")).control.startswith(f"i1:admin:change_{section.name}_")


async def test_a_change_shows_before_and_after_and_is_audited(core: Core) -> None:
    core.house.noticed.clear()
    card = shown(await Hands(core).submit("change_pace", cooldown="30", daily="12", monthly=""))
    line = "Seconds between two jobs of a person: no pause → 30 seconds"
    assert line in card.lines
    settings = await Hands(core).settings()
    assert (settings.cooldown, settings.daily, settings.monthly) == (30, 12, 0)
    (entry,) = await Hands(core).log()
    assert (entry.what, entry.actor, entry.name) == (What.SETTING, "playground:root", "Root")
    assert line in entry.text
    assert "→ 12 pictures" in entry.text
    assert core.house.noticed.is_set()


async def test_what_is_wrong_is_said_and_nothing_is_saved(core: Core) -> None:
    root = Hands(core)
    assert "whole number" in refused(await root.submit("change_pace", cooldown="5", daily="many"))
    assert "“midjourney” is not set up" in refused(await root.submit("change_delivery", providers="midjourney"))
    assert refused(await root.submit("change_review", review="everything")) == texts.NEEDS_REVIEW_CHANNEL
    assert await root.settings() == Community()
    assert await root.log() == []
    shown(await root.submit("change_review", review="everything", review_channel="mods"))
    assert (await root.settings()).review is ReviewMode.EVERYTHING
    assert "review channel" in refused(await root.submit("change_review", review_channel=""))


async def test_the_same_again_is_no_change(core: Core) -> None:
    assert texts.UNCHANGED in shown(await Hands(core).submit("change_keeping", retain_prompts="0")).lines
    assert await Hands(core).log() == []


async def test_a_moderator_may_stop_but_not_set(core: Core) -> None:
    mod = Hands(core, MOD)
    for answer in (
        await mod.command("settings"), await mod.press("home"), await mod.press("change_pace"), await mod.press("rules"),
        await mod.press("tier_remove", "x"), await mod.submit("change_pace", daily="1"), await mod.submit("rule_add"),
    ):  # fmt: skip
        assert refused(answer) == texts.NOT_ADMIN
    assert controls(shown(await mod.command("stop"))) == ["resume"]


async def test_of_two_who_save_at_once_one_is_told_to_look_again(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    root, read, others = Hands(core), core.house.policy.community, iter(("30", "31"))
    await root.command()

    async def slow(key: str) -> Community:
        found = await read(key)
        monkeypatch.setattr(core.house.policy, "community", read)
        shown(await root.submit("change_pace", cooldown=next(others)))
        return found

    monkeypatch.setattr(core.house.policy, "community", slow)
    card = shown(await root.submit("change_pace", daily="5"))
    assert texts.CHANGED_MEANWHILE in card.lines
    assert dict(card.facts)["Seconds between two jobs of a person"] == "30 seconds"
    assert ((await root.settings()).cooldown, (await root.settings()).daily) == (30, 0)
    monkeypatch.setattr(core.house.policy, "community", slow)
    assert texts.CHANGED_MEANWHILE in shown(await root.submit("tier_add", name="x", role="77")).lines


async def test_a_form_that_was_opened_before_somebody_elses_save_overwrites_nothing(core: Core) -> None:
    """Of the same section; what was saved in another one is no concern of it. Looked at again, it can be changed."""
    root = Hands(core)
    pace, budget = form(await root.press("change_pace")), form(await root.press("change_budget"))
    await root.put(pace, cooldown="30")
    card = shown(await root.put(pace, daily="5"))
    assert texts.CHANGED_MEANWHILE in card.lines
    assert dict(card.facts)["Seconds between two jobs of a person"] == "30 seconds"
    shown(await root.put(budget, images_day="40"))
    settings = await root.settings()
    assert (settings.cooldown, settings.daily, settings.budget.images_day) == (30, 0, 40)
    shown(await root.put(form(await root.press("change_pace")), cooldown="30", daily="5"))
    assert (await root.settings()).daily == 5
    assert len(await root.log()) == 3


async def test_a_tiers_form_overwrites_no_newer_tier(core: Core) -> None:
    root = Hands(core)
    shown(await root.submit("tier_add", name="gold", role="77", daily="5"))
    opened = form(await root.press("tier_change", "77"))
    shown(await root.put(opened, name="gold", role="77", daily="6"))
    assert texts.CHANGED_MEANWHILE in shown(await root.put(opened, name="gold", role="77", daily="7")).lines
    assert [tier.daily for tier in (await root.settings()).tiers] == [6]


async def test_stop_holds_whatever_is_saved_at_that_moment(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    root, read = Hands(core), core.house.policy.community

    async def slow(key: str) -> Community:
        found = await read(key)
        monkeypatch.setattr(core.house.policy, "community", read)
        shown(await root.submit("change_pace", cooldown="30"))
        return found

    monkeypatch.setattr(core.house.policy, "community", slow)
    assert texts.STOP_DONE in shown(await root.command("stop")).lines
    assert ((await root.settings()).stopped, (await root.settings()).cooldown) == (True, 30)


async def test_channels_and_roles_are_shown_as_mentions(core: Core) -> None:
    root = Hands(core)
    card = shown(await root.submit("change_place", channels="art,hall", roles="vip"))
    facts = dict(card.facts)
    assert facts["Channels where people may draw"] == f"{channel_mention('art')}, {channel_mention('hall')}"
    assert facts["Roles that may draw"] == role_mention("vip")
    assert f"Roles that may draw: everybody → {role_mention('vip')}" in card.lines
    assert (await root.log())[0].text == "; ".join(card.lines[1:])
    assert role_mention("vip") in dict(shown(await root.command()).facts)["Who and where"]


async def test_a_member_may_nothing(core: Core) -> None:
    ann = Hands(core, ANN)
    for sub in ("settings", "usage", "stop", "resume"):
        assert refused(await ann.command(sub)) == texts.NOT_MODERATOR
    for page in ("home", "usage", "stop", "resume", "cancel_waiting", "change_pace", "tiers", "rule_export", "nothing"):
        assert refused(await ann.press(page)) == texts.NOT_MODERATOR
    for page in ("change_pace", "tier_add", "rule_add", "rule_import"):
        assert refused(await ann.submit(page, daily="1")) == texts.NOT_MODERATOR
    assert await ann.settings() == Community()


async def test_roles_named_in_the_settings_give_the_right(core: Core) -> None:
    await core.house.policy.save_community(HERE, Community(admins=("friends",)), Entry(HERE, What.SETTING))
    shown(await Hands(core, ANN).command())
    await core.house.policy.save_community(HERE, Community(moderators=("friends",)), Entry(HERE, What.SETTING))
    assert refused(await Hands(core, ANN).command()) == texts.NOT_ADMIN
    shown(await Hands(core, ANN).command("stop"))


async def test_direct_messages_have_no_settings(core: Core) -> None:
    alone = Hands(core, place=Place(Platform.PLAYGROUND, "dm"))
    assert refused(await alone.command()) == texts.SERVERS_ONLY
    assert refused(await alone.press("change_pace")) == texts.SERVERS_ONLY
    assert refused(await alone.submit("change_pace", daily="1")) == texts.SERVERS_ONLY


@pytest.mark.parametrize("page", ["", "nothing", "section", "section_nothing", "change_nothing", "save"])
async def test_pages_that_do_not_exist(core: Core, page: str) -> None:
    assert refused(await Hands(core).press(page, "nothing")) == texts.UNKNOWN_PAGE
    assert refused(await Hands(core).submit(page, daily="1")) == texts.UNKNOWN_PAGE
    assert refused(await Hands(core).command("nothing")) == texts.UNKNOWN_PAGE


async def test_the_guide_comes_once_to_whoever_adds_the_bot(core: Core) -> None:
    place = replace(Hands(core).place, channel_id="")
    card = await guide.joined(core.house, place, "root")
    assert card is not None
    assert guide_texts.STEPS[0] in card.lines
    assert not card.rows
    assert await guide.joined(core.house, place, "root") is None
    assert guide_texts.STEPS[0] not in shown(await Hands(core).command()).lines
    assert await guide.joined(core.house, Place(Platform.PLAYGROUND, "dm"), "root") is None


async def test_the_guide_stands_above_the_first_settings_page_alone(core: Core) -> None:
    first, second = shown(await Hands(core).command()), shown(await Hands(core).command())
    assert guide_texts.STEPS[0] in first.lines
    assert controls(first)[:3] == ["section_place", "section_review", "section_budget"]
    assert second.lines == ()
    assert (await Hands(core).settings()).guided

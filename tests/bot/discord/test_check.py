"""What `check` finds out about Discord."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.check import application_id, check
from bot.discord.config import DiscordConfig
from bot.discord.invite import ADMINISTRATOR, PERMISSIONS, invite_url, lacking
from bot.texts import discord as start_texts
from bot.texts import discord_check as texts
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.routes import APPLICATION, ME


def config(fake: FakeDiscord) -> DiscordConfig:
    return DiscordConfig(token=fake.token, api_url=fake.api_url)


def test_the_link_has_the_exact_permissions() -> None:
    assert PERMISSIONS == 274878024704
    assert invite_url("42") == (
        "https://discord.com/oauth2/authorize?client_id=42&scope=bot+applications.commands&permissions=274878024704"
    )


def test_what_a_bit_set_lacks() -> None:
    assert lacking(PERMISSIONS) == []
    assert lacking(ADMINISTRATOR) == []
    assert lacking(PERMISSIONS & ~(1 << 15)) == ["Attach Files"]


async def test_a_good_token_in_a_server() -> None:
    async with FakeDiscord() as fake:
        fake.me.permissions = PERMISSIONS
        fake.channel()
        found = await check(config(fake))
        assert [health.ok for health in found] == [True, True]
        assert str(fake.me.id) in found[0].sentence
        assert await application_id(config(fake)) == str(fake.me.id)
        assert not fake.violations


async def test_missing_permissions_and_missing_servers() -> None:
    async with FakeDiscord() as fake:
        assert (await check(config(fake)))[1].sentence == texts.NO_SERVER
        fake.me.permissions = PERMISSIONS & ~(1 << 15)
        guild = fake.channel().guild
        found = await check(replace(config(fake), guild_ids=(7,)))
    assert guild is not None
    assert [health.sentence for health in found[1:]] == [texts.lacks(guild.name, ["Attach Files"]), texts.not_member(7)]
    assert not any(health.ok for health in found[1:])


async def test_a_wrong_token_an_odd_answer_and_nobody_there() -> None:
    async with FakeDiscord() as fake:
        (refused,) = await check(replace(config(fake), token="wrong"))
        fake.fail(ME, 500)
        (odd,) = await check(config(fake))
    (nobody,) = await check(config(fake))
    assert refused.sentence == start_texts.KEY_REFUSED
    assert odd.sentence == texts.odd("/users/@me", 500)
    assert "can't be reached" in nobody.sentence
    assert [refused.ok, odd.ok, nobody.ok] == [False] * 3


@pytest.mark.parametrize("route", [ME, APPLICATION, "GET /users/@me/guilds"])
@pytest.mark.parametrize("text", ["", "{}", "<html>log in</html>", "1", '[{"name": 1}]'])
async def test_what_is_not_discord_is_told(route: str, text: str) -> None:
    async with FakeDiscord() as fake:
        fake.faults.garble(route, 200, text)
        (odd,) = await check(config(fake))
        assert len(await check(config(fake))) == 2
    assert (odd.ok, odd.sentence) == (False, texts.unread(route.removeprefix("GET ")))

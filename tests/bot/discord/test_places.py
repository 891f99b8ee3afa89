"""Who and where: ranks, roles, age-restricted channels and their threads."""

from __future__ import annotations

import pytest

from bot.jobs.place import Actor, Place
from tests.bot.discord.conftest import Live
from tests.fakes.discord import Channel, User
from tests.fakes.discord.model import ADMINISTRATOR, MANAGE_MESSAGES, USER_PERMISSIONS

MANAGE_GUILD = 1 << 5


async def asked(live: Live, user: User, channel: Channel) -> tuple[Actor, Place]:
    await live.fake.slash(user, channel, "imagine", prompt="x").response()
    return live.core.ask.actor, live.core.ask.place


@pytest.mark.parametrize(
    ("permissions", "moderator", "admin"),
    [
        (USER_PERMISSIONS, False, False),
        (USER_PERMISSIONS | MANAGE_MESSAGES, True, False),
        (USER_PERMISSIONS | MANAGE_GUILD, False, True),
        (ADMINISTRATOR, True, True),
    ],
)
async def test_ranks_are_the_permissions(live: Live, permissions: int, *, moderator: bool, admin: bool) -> None:
    user = live.fake.user(permissions=permissions, roles=(11, 12))
    actor, _ = await asked(live, user, live.fake.channel())
    assert (actor.moderator, actor.admin, actor.roles) == (moderator, admin, ("11", "12"))


async def test_in_a_direct_message_nobody_has_a_rank(live: Live) -> None:
    user = live.fake.user(permissions=ADMINISTRATOR, roles=(11,))
    actor, place = await asked(live, user, live.fake.dm(user))
    assert (actor.moderator, actor.admin, actor.roles) == (False, False, ())
    assert (place.community, place.adult) == ("", False)


@pytest.mark.parametrize("nsfw", [True, False])
async def test_an_age_restricted_channel_and_its_thread(live: Live, *, nsfw: bool) -> None:
    channel, user = live.fake.channel(nsfw=nsfw), live.fake.user()
    assert channel.guild is not None
    _, place = await asked(live, user, channel)
    assert (place.adult, place.community) == (nsfw, f"discord:{channel.guild.id}")
    _, place = await asked(live, user, live.fake.thread(channel))
    assert (place.adult, place.channel_id) == (nsfw, str(channel.id))


async def test_a_user_install_has_no_community(live: Live) -> None:
    channel = live.fake.channel(live.fake.guild(installed=False), nsfw=True)
    _, place = await asked(live, live.fake.user(), channel)
    assert (place.community, place.adult) == ("", True)

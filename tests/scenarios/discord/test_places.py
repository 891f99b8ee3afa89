"""Where one can draw: channels, threads, DMs, and places that the bot is no member of."""

from __future__ import annotations

import pytest

from bot.jobs.model import JobState
from tests.fakes.discord import Channel, routes
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import Server, links, private, url_of

LIFE = 16 * 60.0
"""Seconds after which every token is over."""


def place(server: Server, kind: str) -> Channel:
    """A place of each kind."""
    if kind == "thread":
        return server.fake.thread(server.art)
    if kind == "dm":
        return server.fake.dm(server.ann)
    if kind == "group":
        return server.fake.group_dm(server.ann, server.bob)
    return server.fake.channel(server.fake.guild("foreign", installed=False))


@pytest.mark.parametrize("kind", ["thread", "dm", "group", "user install"])
async def test_from_the_command_to_a_child(studio: Studio, kind: str) -> None:
    server, here = studio.server, place(studio.server, kind)
    shown = await server.placed(channel=here)
    await server.until(lambda: "25 %" in shown.text)
    studio.easel.finish()
    await server.finished(shown)
    large = await server.child(shown, "U1")
    assert large.channel is here
    assert links(large) == {"picture 1 of this job": url_of(shown)}
    if kind in {"group", "user install"}:
        assert server.fake.count("POST /channels") == server.fake.count("PATCH /channels") == 0


@pytest.mark.parametrize("kind", ["channel", "thread", "dm"])
async def test_a_token_that_is_over_before_the_end(studio: Studio, kind: str) -> None:
    server = studio.server
    here = server.art if kind == "channel" else place(server, kind)
    shown = await server.placed(channel=here)
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    studio.easel.finish()
    await server.finished(shown)
    assert server.fake.count(routes.EDIT_MESSAGE) >= 1
    assert 401 not in {call.status for call in server.fake.calls}
    assert shown.has_button("U1")
    large = await server.child(shown, "U1")
    assert large.images


async def test_a_thread_that_was_archived_meanwhile_is_woken(studio: Studio) -> None:
    server = studio.server
    thread = server.fake.thread(server.art)
    shown = await server.placed(channel=thread)
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    thread.archived = True
    studio.easel.finish()
    await server.finished(shown)
    assert not thread.archived
    assert server.fake.count(routes.PATCH_CHANNEL) >= 1


async def test_a_channel_that_was_closed_to_the_bot_sends_the_pictures_privately(studio: Studio) -> None:
    server = studio.server
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    server.fake.revoke(server.art)
    studio.easel.finish()
    direct = server.fake.dm(server.ann)
    sent = await server.until(lambda: [m for m in server.fake.messages.values() if m.channel is direct and m.images])
    assert sent[0].has_button("U1")
    await server.ends(sent[0], JobState.DELIVERED)
    assert await server.used() == 4
    large = await server.child(sent[0], "U2")
    assert large.channel is direct


async def test_nowhere_to_deliver_ends_refunded_with_the_pictures_kept(studio: Studio) -> None:
    server = studio.server
    server.expected |= {"undeliverable"}
    server.ann.dms_open = False
    shown = await server.placed()
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    server.fake.revoke(server.art)
    studio.easel.finish()
    job = await server.ends(shown, JobState.FAILED)
    assert job.reason == "undeliverable"
    assert await server.used() == 0
    assert await server.bot.house.pictures.get(job.pictures[0].key)


async def test_a_user_install_whose_token_is_over_gets_a_direct_message(studio: Studio) -> None:
    server = studio.server
    here = place(server, "user install")
    shown = await server.placed(channel=here)
    await server.reaches(shown, JobState.RUNNING)
    server.clock.ahead += LIFE
    studio.easel.finish()
    direct = server.fake.dm(server.ann)
    sent = await server.until(lambda: [m for m in server.fake.messages.values() if m.channel is direct and m.images])
    await server.ends(sent[0], JobState.DELIVERED)


async def test_a_server_that_hides_external_apps_sees_only_private_messages(studio: Studio) -> None:
    server = studio.server
    here = server.fake.channel(server.fake.guild("shy", installed=False, external_apps=False))
    studio.easel.finish()
    shown = await (await server.imagine(channel=here)).response()
    assert shown.ephemeral
    await server.finished(shown)
    large = await (await server.press(shown, "U1")).response()
    assert large.ephemeral
    await server.finished(large)


async def test_a_button_from_a_channel_the_bot_left_still_answers(studio: Studio) -> None:
    server = studio.server
    studio.easel.finish()
    shown = await server.drawn()
    server.fake.revoke(server.art)
    assert "the fake" in (await private(await server.press(shown, "Show details"))).text

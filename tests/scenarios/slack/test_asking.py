"""The other ways to ask: the modal, a mention, a thread, a shortcut, a direct message, a channel without the bot."""

from __future__ import annotations

import pytest

from bot.slack.shortcuts import FROM_MESSAGE, NEW
from tests.fakes.provider import picture
from tests.fakes.slack import Channel, Message, User, View
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, Workspace, controls, opened, words


async def form(slack: Workspace) -> View:
    """The modal that opens."""
    (view,) = await slack.fake.until(lambda: slack.fake.opened_views, 5)
    return view


async def newest(slack: Workspace, channel: Channel, before: int) -> Message:
    """The next message of the bot in a channel, with its picture."""
    await slack.fake.until(lambda: len(slack.fake.messages(channel)) > before, WITHIN)
    return await slack.shown(slack.fake.messages(channel)[before])


async def sent(slack: Workspace, user: User, view: View, **values: object) -> None:
    """Fill the modal in and send it."""
    await (await slack.fake.submit(user, view, {f"f:{name}": value for name, value in values.items()})).acked()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_without_text_the_modal_opens(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode)
    await slack.asks("  ")
    view = await form(slack)
    start = slack.fake.file(slack.ann, "start.jpg", picture("green", 300))
    await sent(slack, slack.ann, view, prompt="a quiet <lake> & *hills*", image=[start])
    message = await newest(slack, slack.art, 0)
    job = await slack.job(message)
    assert job.request.prompt == "a quiet <lake> & *hills*"
    assert await slack.bot.house.pictures.get(job.request.image_key) == start.content
    assert opened(message).format == "JPEG"


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_mention_draws_in_channel_and_thread(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode)
    told = await slack.fake.mention(slack.ann, slack.art, "imagine a small boat --ar 16:9")
    assert (await told.acked()).seconds < 1
    first = await newest(slack, slack.art, 1)
    assert not first.thread_ts
    root = slack.fake.say(slack.bob, slack.art, "look here")
    await slack.fake.mention(slack.bob, slack.art, "imagine a large boat", thread_ts=root.ts)
    inside = await newest(slack, slack.art, 4)
    assert inside.thread_ts == root.ts
    child = await slack.child(inside, "upscale", 1)
    assert child.thread_ts == root.ts
    await slack.press(inside, "details")
    assert (await slack.said()).thread_ts == root.ts


async def test_a_mention_brings_its_picture(slack: Workspace) -> None:
    file = slack.fake.file(slack.ann, "start.jpg", picture("blue", 200))
    await slack.fake.mention(slack.ann, slack.art, "imagine", files=[file])
    job = await slack.job(await newest(slack, slack.art, 1))
    assert await slack.bot.house.pictures.get(job.request.image_key) == file.content


async def test_other_mentions_are_answered_privately(slack: Workspace) -> None:
    await slack.fake.mention(slack.ann, slack.art, "good morning")
    assert "Nothing was drawn" in words(await slack.said())
    await slack.fake.mention(slack.ann, slack.art, "info")
    assert "Left today" in words(await slack.said())
    assert len(slack.fake.messages(slack.art)) == 2


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_imagine_from_a_message(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode)
    file = slack.fake.file(slack.bob, "cat.jpg", picture("yellow", 200))
    said = slack.fake.say(slack.bob, slack.art, "a cat &amp; a dog", files=[file])
    await (await slack.fake.shortcut(slack.ann, said, FROM_MESSAGE)).acked()
    view = await form(slack)
    assert view.body["blocks"][0]["element"]["initial_value"] == "a cat & a dog"
    await sent(slack, slack.ann, view)
    message = await newest(slack, slack.art, 1)
    job = await slack.job(message)
    assert (message.thread_ts, job.request.text) == (said.ts, "a cat & a dog")
    assert await slack.bot.house.pictures.get(job.request.image_key) == file.content


async def test_imagine_from_the_bots_own_grid(slack: Workspace) -> None:
    grid = await slack.drawn("a red fox")
    await slack.fake.shortcut(slack.bob, grid, FROM_MESSAGE)
    view = await form(slack)
    assert "initial_value" not in view.body["blocks"][0]["element"]
    await sent(slack, slack.bob, view, prompt="in winter")
    job = await slack.job(await newest(slack, slack.art, 1))
    assert await slack.bot.house.pictures.get(job.request.image_key) == grid.pictures[0]


async def test_the_global_shortcut_answers_in_the_direct_conversation(slack: Workspace) -> None:
    await slack.fake.shortcut(slack.ann, None, NEW)
    view = await form(slack)
    await sent(slack, slack.ann, view, prompt="a red fox")
    await newest(slack, slack.fake.dm(slack.ann), 0)
    assert not slack.fake.messages(slack.art)


async def test_a_direct_conversation(slack: Workspace) -> None:
    grid = await slack.drawn("a red fox", channel=slack.fake.dm(slack.ann))
    await slack.child(grid, "variation", 2)
    await slack.press(grid, "details")
    assert "Seed" in words(await slack.said())
    await slack.press(grid, "delete")
    assert "Deleted" in words(await slack.said())
    await slack.fake.until(lambda: grid.deleted, WITHIN)


async def test_a_public_channel_without_the_bot(slack: Workspace) -> None:
    """chat:write.public posts there; private words go through the response_url, as ephemerals need membership."""
    hall = slack.fake.channel("hall", member=False)
    grid = await slack.drawn("a red fox", channel=hall)
    await slack.press(grid, "details")
    assert (await slack.said()).via == "response_url"
    await slack.child(grid, "upscale", 3)


async def test_a_public_channel_is_joined_where_posting_needs_it(slack: Workspace) -> None:
    slack.fake.scopes.discard("chat:write.public")
    hall = slack.fake.channel("hall", member=False)
    await slack.drawn("a red fox", channel=hall)
    assert hall.member


@pytest.mark.parametrize("kind", ["private", "two people"])
async def test_where_the_bot_cannot_post_the_job_moves_to_the_direct_conversation(opens: Open, kind: str) -> None:
    slack = await opens()
    fake = slack.fake
    closed = (
        fake.channel("secret", member=False, private=True) if kind == "private" else fake.foreign_dm(slack.ann, slack.bob)
    )
    await slack.asks("a red fox", channel=closed)
    grid = await newest(slack, fake.dm(slack.ann), 0)
    moved = await slack.said()
    assert "direct message" in words(moved)
    assert grid.ts.replace(".", "") in str(moved.blocks)
    assert not fake.messages(closed)
    large = await slack.child(grid, "upscale", 2)
    assert large.channel == fake.dm(slack.ann).id
    assert controls(large)[0] == ("variation", 1)

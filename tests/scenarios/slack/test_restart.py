"""The bot stops in mid-job and comes back: the same message is finished, and old buttons work."""

from __future__ import annotations

import pytest

from bot.jobs.model import JobState
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.held import held, release
from tests.scenarios.slack.workspace import WITHIN, Workspace, controls, opened, words

AT_ONCE = {"IMAGINE_STOP_SECONDS": "0"}


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_same_message_is_finished(opens: Open, mode: str) -> None:
    provider = held(0.3)
    slack = await opens(mode=mode, more=[provider], settings=AT_ONCE | {"IMAGINE_USER_RUNNING": "1"})
    running = await slack.placed("a red fox")
    await slack.fake.until(lambda: "30 %" in words(running), WITHIN)
    waiting = await slack.kept(await slack.placed("a blue fox"))
    await slack.stop()
    release(provider)
    await slack.start()
    await slack.shown(running)
    await slack.shown(waiting)
    assert len(slack.fake.messages(slack.art)) == 2
    assert len(provider.paid) == 2
    assert await slack.used() == 8


async def test_old_buttons_work_after_a_restart(slack: Workspace) -> None:
    grid = await slack.drawn("a red fox")
    await slack.restart()
    large = await slack.child(grid, "upscale", 4)
    assert opened(large).width > 0
    await slack.press(grid, "details")
    assert "0, 1, 2, 3" in words(await slack.said())
    await slack.restart()
    await slack.press(grid, "delete")
    await slack.said()
    (file,) = grid.shown
    await slack.fake.until(lambda: grid.deleted and file.stage == "deleted", WITHIN)


async def test_stopped_before_the_placeholder_stood(opens: Open) -> None:
    slack = await opens(settings=AT_ONCE)
    slack.fake.hang("chat.postMessage")
    await slack.asks("a red fox")
    await slack.called("chat.postMessage")
    await slack.restart()
    await slack.fake.until(lambda: slack.fake.messages(slack.art), WITHIN)
    await slack.shown(slack.fake.messages(slack.art)[0])
    assert len(slack.fake.messages(slack.art)) == 1


async def test_stopped_while_the_picture_was_sent(opens: Open) -> None:
    slack = await opens(settings=AT_ONCE)
    slack.fake.hang("chat.update", when="after")
    message = await slack.placed("a red fox")
    await slack.called("chat.update")
    assert message.pictures
    assert (await slack.job(message)).state is JobState.STORED
    await slack.restart()
    await slack.ends(message, JobState.DELIVERED)
    assert len(slack.fake.messages(slack.art)) == 1
    assert message.pictures
    assert await slack.used() == 4


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_delivery_that_comes_again_is_the_same_job(opens: Open, mode: str) -> None:
    """At once, and after a restart, when only the store remembers it."""
    slack = await opens(mode=mode)
    command = await slack.asks("a red fox")
    mention = await slack.fake.mention(slack.bob, slack.art, "imagine a blue fox")
    page = await slack.fake.mention(slack.bob, slack.art, "info")
    await (await slack.fake.again(page)).acked()
    await slack.fake.again(command)
    await (await slack.fake.again(mention)).acked()
    drawn = await slack.fake.until(
        lambda: [one for one in slack.fake.messages(slack.art) if one.pictures][1:] and slack.fake.messages(slack.art),
        WITHIN,
    )
    grid = next(one for one in drawn if one.pictures)
    press = await slack.press(grid, "variation", 1)
    await slack.fake.until(lambda: len([one for one in slack.fake.messages(slack.art) if one.pictures]) == 3, WITHIN)
    await slack.restart()
    for delivery in (command, mention, press):
        await (await slack.fake.again(delivery)).acked()
    await slack.bot.fronts[next(iter(slack.bot.fronts))].intake.tasks.drain(5)  # type: ignore[attr-defined]
    assert len(await slack.bot.store.jobs([], 10)) == 3
    assert len([one for one in slack.fake.messages(slack.art) if one.pictures]) == 3
    assert len(slack.fake.ephemerals) == 1


async def test_an_event_that_was_not_acknowledged_comes_again(opens: Open) -> None:
    """The bot is away when Slack tells it; Slack tells it once more."""
    slack = await opens(mode="http")
    await slack.stop()
    told = await slack.fake.mention(slack.ann, slack.art, "imagine a red fox")
    await slack.fake.until(lambda: len(told.attempts) == 2, WITHIN)
    await slack.start()
    await slack.fake.again(told)
    await slack.fake.until(lambda: len(slack.fake.messages(slack.art)) == 2, WITHIN)
    await slack.shown(slack.fake.messages(slack.art)[1])


async def test_a_modal_that_was_open_over_a_restart(slack: Workspace) -> None:
    await slack.asks("")
    (view,) = await slack.fake.until(lambda: slack.fake.opened_views, 5)
    await slack.restart()
    await slack.fake.submit(slack.ann, view, {"f:prompt": "a red fox"})
    await slack.fake.until(lambda: slack.fake.messages(slack.art), WITHIN)
    assert controls(await slack.shown(slack.fake.messages(slack.art)[0]))

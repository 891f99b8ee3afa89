"""Slack refuses, limits, delays or loses something: the job still comes to a true end."""

from __future__ import annotations

import time

import pytest

from bot.jobs.model import JobState
from bot.jobs.revive import revive
from bot.texts import admin
from bot.texts import slack as texts
from tests.fakes.slack import Message
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.held import held, release
from tests.scenarios.slack.workspace import WITHIN, Workspace, controls, find, words


def of(slack: Workspace, method: str) -> int:
    """How often a method was called."""
    return len(slack.fake.calls_of(method))


async def arrived(slack: Workspace, message: Message) -> Message:
    """Wait for another message that shows the pictures."""
    fake = slack.fake
    every = await fake.until(
        lambda: [
            one for room in fake.channels.values() for one in fake.messages(room) if one.pictures and one is not message
        ],
        WITHIN,
    )
    return every[0]


async def test_a_file_that_is_scanned_slowly(slack: Workspace) -> None:
    """Longer than the bot waits for it: the image block is refused, and the same file is tried again."""
    slack.fake.processing = 0.6
    message = await slack.drawn()
    assert "invalid_blocks" in [call.error for call in slack.fake.calls_of("chat.update")]
    assert of(slack, "files.getUploadURLExternal") == 1
    assert len(message.shown) == 1
    assert await slack.used() == 4


async def test_a_file_that_is_never_scanned(slack: Workspace) -> None:
    slack.foreseen = {"undeliverable"}
    slack.fake.processing = 1e9
    message = await slack.placed("a red fox")
    job = await slack.ends(message, JobState.FAILED)
    assert job.reason == "undeliverable"
    assert "could not be shown here. Nothing was charged; they are kept" in words(message)
    assert controls(message) == [("again", 0), ("details", 0)]
    assert await slack.used() == 0
    slack.fake.processing = 0.0
    await revive(slack.bot.store, job.id, time.time())
    await slack.shown(message)
    assert await slack.used() == 0
    assert controls(message)[0] == ("upscale", 1)


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "files.getUploadURLExternal", "upload"])
async def test_rate_limits_are_waited_out(slack: Workspace, method: str) -> None:
    slack.fake.limit(method, retry_after=1)
    message = await slack.drawn()
    assert len(slack.fake.messages(slack.art)) == 1
    limited = [call for call in slack.fake.calls if call.status == 429]
    after = [call for call in slack.fake.calls if limited and call.method == method and call.at > limited[0].at]
    assert all(call.at - limited[0].at > 0.9 for call in after)
    assert message.pictures


@pytest.mark.parametrize("method", ["chat.update", "files.completeUploadExternal", "files.info", "upload"])
async def test_broken_lines_are_tried_again(slack: Workspace, method: str) -> None:
    slack.fake.fail(method, status=None)
    slack.fake.fail(method)
    await slack.drawn()
    assert len(slack.fake.messages(slack.art)) == 1


async def test_without_room_for_files_the_job_fails_and_is_refunded(slack: Workspace) -> None:
    slack.foreseen = {"undeliverable"}
    slack.fake.refuse("files.getUploadURLExternal", "storage_limit_reached", times=100)
    message = await slack.placed("a red fox")
    await slack.ends(message, JobState.FAILED)
    assert "Nothing was charged" in words(message)
    assert await slack.used() == 0


async def test_a_message_that_somebody_deleted_is_not_posted_again(opens: Open) -> None:
    provider = held(0.2)
    slack = await opens(more=[provider], settings={"IMAGINE_DAILY_IMAGES": "4"})
    message = await slack.placed("a red fox")
    await slack.fake.until(lambda: "20 %" in words(message), WITHIN)
    job = await slack.job(message)
    message.deleted = True
    release(provider)
    assert (await slack.ends(message, JobState.DELIVERED)).reason == "withdrawn"
    assert not slack.fake.messages(slack.art)
    assert not slack.fake.messages(slack.fake.dm(slack.ann))
    kept = await slack.bot.store.job(job.id)
    assert kept is not None
    assert await slack.bot.house.pictures.get(kept.pictures[0].key)


async def test_a_message_that_cannot_be_edited_any_more_is_followed_by_a_new_one(opens: Open) -> None:
    provider = held(0.2)
    slack = await opens(more=[provider])
    message = await slack.placed("a red fox")
    await slack.fake.until(lambda: "20 %" in words(message), WITHIN)
    message.locked = True
    release(provider)
    fresh = await arrived(slack, message)
    assert fresh.channel == slack.art.id
    await slack.ends(fresh, JobState.DELIVERED)
    await slack.child(fresh, "upscale", 1)


@pytest.mark.parametrize("how", ["archived", "removed"])
async def test_a_channel_that_is_lost_meanwhile(opens: Open, how: str) -> None:
    """The pictures come as a direct message, with working buttons."""
    provider = held(0.2)
    slack = await opens(more=[provider])
    room = slack.fake.channel("room", private=True)
    message = await slack.placed("a red fox", channel=room)
    await slack.fake.until(lambda: "20 %" in words(message), WITHIN)
    room.archived, room.member = how == "archived", how != "removed"
    release(provider)
    fresh = await arrived(slack, message)
    assert fresh.channel == slack.fake.dm(slack.ann).id
    await slack.ends(fresh, JobState.DELIVERED)
    assert await slack.used() == 4
    await slack.child(fresh, "variation", 1)


async def test_an_app_that_was_removed_meanwhile(opens: Open) -> None:
    provider = held(0.2)
    slack = await opens(more=[provider])
    slack.foreseen = {"undeliverable", "slack_token_refused"}
    message = await slack.placed("a red fox")
    await slack.fake.until(lambda: "20 %" in words(message), WITHIN)
    slack.fake.revoked = True
    release(provider)
    await slack.ends(message, JobState.FAILED)
    assert await slack.used() == 0


async def test_deleted_while_it_is_drawn_from(opens: Open) -> None:
    """The parent goes at once; its child still gets the tile and is delivered."""
    provider = held()
    release(provider)
    slack = await opens(more=[provider])
    grid = await slack.drawn()
    provider.stages.extend(held().stages)
    told = await slack.fake.press(slack.ann, grid, find(grid, "variation", 2))
    await told.acked()
    await slack.fake.until(lambda: len(slack.fake.messages(slack.art)) == 2, WITHIN)
    child = slack.fake.messages(slack.art)[1]
    await slack.fake.until(lambda: "drawing" in words(child), WITHIN)
    await slack.press(grid, "delete")
    await slack.said()
    await slack.fake.until(lambda: grid.deleted, WITHIN)
    release(provider)
    await slack.shown(child)


async def test_a_modal_whose_time_is_over_can_be_opened_by_a_button(slack: Workspace) -> None:
    slack.fake.refuse("views.open", "expired_trigger_id")
    await slack.asks("")
    offer = await slack.said()
    assert "three seconds" in words(offer)
    await slack.press(offer, "imagine")
    (view,) = await slack.fake.until(lambda: slack.fake.opened_views, 5)
    await slack.fake.submit(slack.ann, view, {"f:prompt": "a red fox"})
    await slack.fake.until(lambda: slack.fake.messages(slack.art), WITHIN)
    await slack.shown(slack.fake.messages(slack.art)[0])


async def test_people_who_cannot_be_looked_up_can_still_draw(slack: Workspace) -> None:
    slack.fake.scopes.discard("users:read")
    await slack.drawn()


async def test_buttons_work_as_soon_as_they_are_seen(slack: Workspace) -> None:
    """Slack shows the edit at once and answers it late: who presses meanwhile is not sent away."""
    slack.fake.hang("chat.update", when="after")
    grid = await slack.placed("a red fox")
    await slack.called("chat.update")
    await slack.press(grid, "upscale", 2)
    await slack.fake.until(lambda: len(slack.fake.messages(slack.art)) == 2, WITHIN)
    await slack.shown(slack.fake.messages(slack.art)[1])


async def test_an_admin_is_not_called_somebody_else_while_users_info_is_limited(slack: Workspace) -> None:
    slack.fake.limit("users.info", retry_after=1, times=100)
    await (await slack.fake.command(slack.chief, slack.art, "admin")).acked()
    (whisper,) = await slack.fake.until(lambda: slack.fake.ephemerals)
    assert texts.BUSY in whisper.text
    assert admin.NOT_MODERATOR not in whisper.text

"""While a job waits or runs: its place, sparse progress, cancelling, the caps."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.jobs.model import JobState
from bot.jobs.place import Platform
from bot.slack.front import SlackFront
from bot.wiring import Bot
from providers.base import Stage, Status
from tests.fakes.provider import ScriptedProvider
from tests.fakes.slack import Message
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.held import HELD, QUICK, held, hold, release
from tests.scenarios.slack.workspace import WITHIN, Workspace, controls, hasten, words
from tests.support.wait import eventually

ONE = {"IMAGINE_USER_RUNNING": "1", "IMAGINE_USER_WAITING": "2"}


async def says(slack: Workspace, message: Message, part: str) -> None:
    """Wait until a message can be read so."""
    await slack.fake.until(lambda: part in words(message), WITHIN)


async def there(what: object) -> object:
    """For `eventually`."""
    return what


async def looked(provider: ScriptedProvider, times: int) -> None:
    """Wait until the bot has asked so often how things stand since they were held."""
    await eventually(lambda: there(len(provider.stages) <= HELD - times))


def sparsely(bot: Bot) -> None:
    """At most one progress edit in a second: time enough for a look that must not be shown."""
    hasten(bot)
    front = bot.fronts[Platform.SLACK]
    assert isinstance(front, SlackFront)
    front.chat.limits = replace(front.chat.limits, progress_seconds=1.0)


async def test_progress_is_sparse_and_true(opens: Open) -> None:
    provider = held(0.42)
    slack = await opens(more=[provider], prepare=sparsely)
    message = await slack.placed("a red fox")
    await says(slack, message, "42 %")
    begun = time.monotonic()
    assert "the fake" in words(message)
    assert controls(message) == [("cancel", 0)]
    hold(provider, 0.77)
    await looked(provider, 3)
    release(provider)
    await slack.shown(message)
    due = time.monotonic() - begun > 0.8  # on a machine that is slow the interval ends, and an edit more is right
    assert len(slack.fake.calls_of("chat.update")) == 2 or due
    assert "%" not in words(message)


async def test_later_progress_follows_after_the_interval(opens: Open) -> None:
    provider = held(0.1)
    slack = await opens(more=[provider])
    message = await slack.placed("a red fox")
    for fraction, part in ((0.1, "10 %"), (0.5, "50 %"), (0.9, "90 %")):
        hold(provider, fraction)
        await says(slack, message, part)
    release(provider)
    await slack.shown(message)
    assert len(slack.fake.calls_of("chat.update")) == 4


async def test_cancel_while_it_runs(opens: Open) -> None:
    provider = held()
    slack = await opens(more=[provider])
    message = await slack.placed("a red fox")
    await says(slack, message, "drawing")
    assert await slack.used() == 4
    await slack.press(message, "cancel", 0, slack.bob)
    assert "Only the one who asked" in words(await slack.said(slack.bob))
    await slack.press(message, "cancel")
    await slack.ends(message, JobState.CANCELLED)
    assert "Nothing was charged" in words(message)
    assert controls(message) == [("again", 0), ("details", 0)]
    assert len(provider.cancelled) == 1
    assert await slack.used() == 0
    release(provider)
    await slack.child(message, "again")


async def test_a_cancel_that_the_provider_does_not_confirm(opens: Open) -> None:
    provider = held()
    provider.confirm_cancel = False
    slack = await opens(more=[provider])
    message = await slack.placed("a red fox")
    await says(slack, message, "drawing")
    await slack.press(message, "cancel")
    await eventually(lambda: there(provider.cancelled))
    release(provider)
    await slack.shown(message)
    assert await slack.used() == 4


async def test_the_queue_shows_places_and_is_fair(opens: Open) -> None:
    provider = held()
    slack = await opens(more=[provider], settings=ONE | {"IMAGINE_RUNNING": "1"})
    first = await slack.placed("a first fox")
    await says(slack, first, "drawing")
    second = await slack.placed("a second fox")
    assert "waiting to start" in words(second)
    third = await slack.placed("a third fox")
    assert "waiting, 1 job ahead" in words(third)
    bobs = await slack.placed("bob's fox", slack.bob)
    assert "waiting to start" in words(bobs)
    await slack.asks("a fourth fox")
    assert "Your queue is full: 1 of your jobs may run and 2 may wait" in words(await slack.said())
    assert await slack.used() == 12
    release(provider)
    started = [(await slack.job(await slack.shown(message))).started_at or 0.0 for message in (first, second, bobs, third)]
    assert started == sorted(started)


async def test_cancel_while_it_waits(opens: Open) -> None:
    provider = held(cancel=False)
    slack = await opens(more=[provider], settings=ONE)
    first = await slack.placed("a first fox")
    await says(slack, first, "drawing")
    assert controls(first) == []
    second = await slack.placed("a second fox")
    await slack.press(second, "cancel")
    await slack.ends(second, JobState.CANCELLED)
    assert await slack.used() == 4
    assert len(provider.paid) == 1
    release(provider)
    await slack.shown(first)


async def test_a_waiting_job_starts_when_the_one_before_it_is_deleted_by_somebody(opens: Open) -> None:
    provider = held()
    slack = await opens(more=[provider], settings=ONE)
    first = await slack.placed("a first fox")
    await says(slack, first, "drawing")
    second = await slack.placed("a second fox")
    first.deleted = True
    release(provider)
    await slack.shown(second)
    job = await slack.ends(first, JobState.DELIVERED)
    assert job.reason == "withdrawn"
    assert len(slack.fake.messages(slack.art)) == 1


async def test_the_place_in_the_providers_own_queue(opens: Open) -> None:
    provider = ScriptedProvider(QUICK, stages=[Status(Stage.QUEUED, queue_position=3)] * HELD)
    slack = await opens(more=[provider])
    message = await slack.placed("a red fox")
    await says(slack, message, "number 3 in the queue of the fake")
    release(provider)
    await slack.shown(message)

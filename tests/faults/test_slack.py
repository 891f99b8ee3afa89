"""Slack fails around a whole bot: every message ends, units are right, nothing stands or is paid twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import cast
from unittest.mock import Mock

from bot.engine.embedded import EmbeddedEngine
from bot.jobs.house import Timing, Tries
from bot.jobs.model import JobState
from bot.jobs.place import Platform
from bot.slack.config import Waits
from bot.slack.front import SlackFront
from bot.slack.socket import SILENT_SECONDS
from bot.wiring import Bot
from tests.fakes.provider import ScriptedProvider
from tests.fakes.slack import Delivery, Message
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.held import QUICK, held, release
from tests.scenarios.slack.workspace import WAITS, WITHIN, Workspace, hasten
from tests.support.core import Clock
from tests.support.wait import eventually

ROOMS, JOBS = 4, 52
FASTER = 20.0
"""Seconds of the busy workspace in one of ours."""


def front_of(bot: Bot) -> SlackFront:
    front = bot.fronts[Platform.SLACK]
    assert isinstance(front, SlackFront)
    return front


def patient(bot: Bot) -> None:
    """Short waits, and the real number of tries; a watchdog that looks all the time."""
    hasten(bot)
    bot.house.tries = Tries()
    watchdog = front_of(bot)._watchdog
    assert watchdog is not None
    watchdog._seconds = 0.02


def renewing(waits: Waits) -> Callable[[Bot], None]:
    """Patient, with these waits for files."""

    def prepare(bot: Bot) -> None:
        patient(bot)
        make = front_of(bot).make
        make.config = replace(make.config, waits=waits)

    return prepare


async def states(slack: Workspace, *wanted: JobState) -> None:
    """Wait until the jobs are in these states, and told where they have ended."""

    async def there() -> bool:
        jobs = await slack.bot.store.jobs([], 200)
        return sorted(job.state for job in jobs) == sorted(wanted) and all(job.told or job.state.open for job in jobs)

    await eventually(there, 3 * WITHIN, pause=0.1)


def pictured(slack: Workspace) -> list[Message]:
    """Every message with pictures, wherever it stands."""
    return [one for room in slack.fake.channels.values() for one in slack.fake.messages(room) if one.pictures]


async def acknowledged(told: Delivery, clock: Clock) -> None:
    """Time passes until Slack, which tells again and again, is content."""

    async def asked() -> bool:
        clock.ahead += 1.0
        return told.done.is_set()

    await eventually(asked, WITHIN)


async def test_a_socket_that_is_silent_refreshed_cut_or_loses_acknowledgements(opens: Open) -> None:
    """Whatever was not acknowledged comes again, over the next connection, and is one job."""
    clock = Clock()
    slack = await opens(clock=clock, now=clock, prepare=patient)
    fake, front = slack.fake, front_of(slack.bot)
    fake.socket.silent = fake.socket.pongs = True
    unheard = await fake.mention(slack.ann, slack.art, "imagine a red fox")
    assert front.ready, "it looks as if all were well"
    clock.ahead += SILENT_SECONDS
    await fake.until(lambda: fake.socket.opened == 2 and len(fake.socket.open) == 1, WITHIN)
    fake.socket.silent = False
    await acknowledged(unheard, clock)
    await states(slack, JobState.DELIVERED)

    await fake.socket.disconnect()
    await fake.until(lambda: fake.socket.opened == 3 and fake.socket.open, WITHIN)
    await slack.drawn("after a refresh")
    await fake.socket.drop()
    await fake.until(lambda: fake.socket.opened >= 4 and fake.socket.open, WITHIN)

    listen, fake.socket._acked = fake.socket._acked, Mock()  # type: ignore[method-assign]
    lost = await fake.mention(slack.ann, slack.art, "imagine a blue fox")
    await states(slack, *[JobState.DELIVERED] * 3)
    fake.socket._acked = listen  # type: ignore[method-assign]
    await acknowledged(lost, clock)
    assert len(lost.attempts) == 2
    await states(slack, *[JobState.DELIVERED] * 3)
    assert len(pictured(slack)) == 3
    assert await slack.used() == 12


async def test_a_listener_that_breaks_just_after_it_acknowledged(opens: Open) -> None:
    """Bolt alone would lose the acknowledgement, and the person would read "operation_timeout"."""
    slack = await opens()
    slack.foreseen = {"slack_payload_unreadable"}
    intake = front_of(slack.bot).intake
    whole = intake.take

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("on demand")

    intake.take = broken  # type: ignore[method-assign]
    await slack.asks("a red fox")
    intake.take = whole  # type: ignore[method-assign]
    await slack.drawn("a blue fox")
    assert await slack.used() == 4


async def test_a_file_that_is_never_processed_is_uploaded_anew(opens: Open) -> None:
    slack = await opens(prepare=renewing(replace(WAITS, renew=0.3)))
    fake = slack.fake
    fake.processing = 1e9
    message = await slack.placed("a red fox")
    await fake.until(lambda: len(fake.files) == 2, WITHIN)
    stuck, fresh = fake.files.values()
    stuck.completed_at, fake.processing = float("inf"), 0.0
    await slack.shown(message)
    assert message.shown == [fresh]
    assert len(fake.files) == 2
    assert len(fake.messages(slack.art)) == 1
    assert await slack.used() == 4
    grown = await slack.child(message, "variation", 1)
    assert len(grown.shown) == 1


async def test_channels_that_are_archived_or_closed(opens: Open) -> None:
    """In mid-job, and before the placeholder stands: the pictures come privately, to their requester alone."""
    provider = held()
    slack = await opens(more=[provider], prepare=patient)
    fake = slack.fake
    hall, cellar = fake.channel("hall"), fake.channel("cellar", private=True)
    for room in (hall, cellar):
        await slack.kept(await slack.placed(f"in {room.name}", channel=room))
    await states(slack, JobState.RUNNING, JobState.RUNNING)
    hall.archived, cellar.member = True, False
    for room in (hall, cellar):
        await slack.asks(f"late in {room.name}", slack.bob, room)
    await states(slack, *[JobState.RUNNING] * 4)
    release(provider)
    await states(slack, *[JobState.DELIVERED] * 4)
    for person in (slack.ann, slack.bob):
        assert len([one for one in fake.messages(fake.dm(person)) if one.pictures]) == 2
        assert await slack.used(person) == 8
    assert len(pictured(slack)) == len(provider.paid) == 4


async def test_a_token_that_is_revoked_while_a_job_runs(opens: Open) -> None:
    """The log says so once; the job waits, and the next token finishes the same message."""
    provider = held()
    slack = await opens(more=[provider], prepare=patient)
    slack.foreseen = {"slack_token_refused"}
    message = await slack.kept(await slack.placed("a red fox"))
    await states(slack, JobState.RUNNING)
    slack.fake.revoked = True
    release(provider)

    async def tried() -> bool:
        return (await slack.job(message)).attempts >= 3

    await eventually(tried, WITHIN)
    await states(slack, JobState.STORED)
    await slack.stop()
    slack.fake.revoked = False
    await slack.start()
    await slack.shown(message)
    assert len(pictured(slack)) == len(provider.paid) == 1
    assert await slack.used() == 4


async def test_a_busy_workspace_within_slacks_limits(opens: Open) -> None:
    """One message a second in a channel, fifty edits a minute: all placeholders stand once, all pictures arrive."""
    began = time.time()

    def clock() -> float:
        return began + (time.time() - began) * FASTER

    def prepare(bot: Bot) -> None:
        """The bot's own waits and tries."""
        hasten(bot)
        bot.house.tries, bot.house.timing = Tries(), replace(Timing(), lease=3000.0, poll_first=1.0)
        cast("EmbeddedEngine", bot.engine)._tick = 0.05

    settings = {"IMAGINE_RUNNING": str(JOBS), "IMAGINE_USER_RUNNING": str(JOBS), "IMAGINE_DAILY_IMAGES": str(4 * JOBS)}
    provider = ScriptedProvider(replace(QUICK, poll_cap=2.0))
    slack = await opens(clock=clock, now=clock, prepare=prepare, settings=settings, more=[provider])
    slack.fake.tiers = True
    rooms = [slack.fake.channel(f"room {number}") for number in range(ROOMS)]
    for number in range(JOBS):
        await slack.fake.command(slack.ann, rooms[number % ROOMS], f"fox {number}")
    await states(slack, *[JobState.DELIVERED] * JOBS)
    assert sum(len(slack.fake.messages(room)) for room in rooms) == len(pictured(slack)) == len(provider.paid) == JOBS
    assert await slack.used() == 4 * JOBS
    limited = Counter(call.method for call in slack.fake.calls if call.status == 429)
    assert limited.keys() <= {"chat.postMessage", "chat.update"}
    assert limited["chat.postMessage"] <= 2 * ROOMS, "a rush is slowed down by one refusal a channel, not by one a message"

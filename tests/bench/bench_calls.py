"""Calls to the chat for one job, counted at the fakes; and whether progress ever runs into a rate limit."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from tests.bench import children
from tests.bench.crowd import crowd, studio
from tests.bench.figures import Bar, Figure, Size
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.model import User
from tests.fakes.vendor.script import Script

Play = Callable[[Script], Awaitable[None]]
QUICK = Script(size=1024, grain=True, seconds=0.3)
WAIT_SECONDS = 120.0
DISCORD_LEAST, SLACK_LEAST = 2.0, 6.0
"""Discord: the interaction's answer, which is the placeholder, and the edit that brings the pictures.

Slack (the acknowledgement goes through the socket): chat.postMessage; files.getUploadURLExternal, the upload itself,
files.completeUploadExternal; files.info, as an image block takes a file only when its type is known; chat.update.
"""
WINDOW_SECONDS, BUCKET = 5.0, 5
"""Discord's limit of one interaction's token: so many calls in so many seconds."""


async def measure(size: Size) -> list[Figure]:
    """Quick jobs one after the other; then some at once that tell of their progress all the time."""
    return [await _discord(min(5, size.singles)), await _discord_progress(size), *await _slack(size)]


async def _discord(jobs: int) -> Figure:
    async with crowd(QUICK) as people:
        counts = []
        for _ in range(jobs):
            before = len(people.fake.calls)
            await people.job()
            counts.append(len(people.fake.calls) - before)
    return Figure(
        "Discord: calls per job, median",
        float(median(counts)),
        "",
        DISCORD_LEAST,
        Bar(DISCORD_LEAST, "the fewest there can be"),
    )


def _per_job(chat: str, counts: Sequence[int], least: float) -> Figure:
    bar = Bar(least, "the fewest there can be")
    return Figure(f"{chat}: calls per job, median", float(median(counts)), "", least, bar)


async def _discord_progress(size: Size) -> Figure:
    """The fake knows no buckets: what the fullest one would have held is counted."""
    async with crowd(QUICK) as people:
        await people.studio.play(_progress(size))
        people.fake.calls.clear()
        await asyncio.gather(*(people.job() for _ in range(size.grids)))
        times: dict[str, list[float]] = {}
        for call in people.fake.calls:
            times.setdefault(call.path, []).append(call.time)
    fullest = max(most_within(sorted(one), WINDOW_SECONDS) for one in times.values())
    name = f"Discord: {size.grids} jobs with progress, most calls of one token in 5 s"
    return Figure(name, float(fullest), "", bar=Bar(BUCKET, "5"))


def _progress(size: Size) -> Script:
    """Long enough for several edits, unless it is only to be seen that it runs."""
    seconds = 25.0 if size.minutes >= 1 else 0.5
    return Script(size=1024, grain=True, seconds=seconds, steps=50)


def most_within(times: Sequence[float], window: float) -> int:
    """How many of these moments lie in the fullest window of so many seconds."""
    return max(sum(start <= one < start + window for one in times) for start in times)


async def _slack(size: Size) -> list[Figure]:
    async with _on_slack() as (fake, play):
        known = fake.user()
        await _jobs(fake, known)
        counts = []
        for _ in range(min(5, size.singles)):
            before = _counted(fake)
            await _jobs(fake, known)
            counts.append(_counted(fake) - before)
        await play(_progress(size))
        fake.limits.tiers = True
        before = len(fake.calls)
        await _jobs(fake, *(fake.user() for _ in range(size.grids)))
        refused = Counter(call.method for call in fake.calls[before:] if call.status == 429)
    return [
        Figure(
            "Slack: calls per job, median",
            float(median(counts)),
            "",
            SLACK_LEAST,
            Bar(SLACK_LEAST, "the fewest there can be"),
        ),
        Figure(f"Slack: {size.grids} jobs with progress, calls over a limit", float(refused.total()), "", bar=Bar(0.0, "0")),
    ]


@asynccontextmanager
async def _on_slack() -> AsyncIterator[tuple[FakeSlack, Play]]:
    async with studio(QUICK) as vendor, FakeSlack(validate=False) as fake:
        given = children.slack_settings(fake) | {"BENCH_VENDOR": vendor.base}
        with tempfile.TemporaryDirectory() as name:
            async with children.child("tests.bench.watched_bot", Path(name), **given) as running:
                await running.logged("started")
                await fake.connected(WAIT_SECONDS)
                yield fake, vendor.play


def _counted(fake: FakeSlack) -> int:
    """Its methods and the uploads, which go to an address of their own."""
    return len(fake.calls) + len(fake.files)


async def _jobs(fake: FakeSlack, *users: User) -> None:
    """One of each at once, each in a channel of its own, to their pictures."""
    channels = [fake.channel() for _ in users]
    for user, channel in zip(users, channels, strict=True):
        await (await fake.command(user, channel, "a lighthouse at dusk")).acked(WAIT_SECONDS)
    await fake.until(lambda: all(any(m.pictures for m in fake.messages(one)) for one in channels), WAIT_SECONDS)

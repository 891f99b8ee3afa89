"""Acknowledgement on Slack over Socket Mode, and the time until the placeholder stands."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from typing_extensions import override

from tests.bench import children
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.fakes.slack.errors import NotAckedError
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.model import Channel, Message

WAIT_SECONDS, PLACED_SECONDS = 10.0, 60.0
PLACED_USERS = 200
"""Up to so many the placeholders are waited for. Slack takes one message a second in a channel: more is no question."""
OVER_FLOOR_MS, MOST_MS = 100.0, 700.0


class TimedSlack(FakeSlack):
    """Notes when messages of the bot were posted; counts no rate limits, which would hide the bot's own time."""

    def __init__(self) -> None:
        super().__init__(validate=False)
        self.tiers = False
        self.posted: list[float] = []

    @override
    def store(self, message: Message) -> Message:
        self.posted.append(time.perf_counter())
        return super().store(message)


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds: to each acknowledgement, and from the commands to each message."""

    acks: list[float]
    messages: list[float]


Deed = Callable[[TimedSlack, Channel], Awaitable[Round]]


async def measure(size: Size) -> list[Figure]:
    """Medians over the rounds. The floor acknowledges; for the placeholder it acknowledges and posts one message."""
    figures = []
    for users in size.users:
        ours, acking, posting = zip(*[await _round(users) for _ in range(size.rounds)], strict=True)
        for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
            value, floor = (statistics.median(percentile(one.acks, share) for one in rounds) for rounds in (ours, acking))
            figures.append(Figure(f"Slack: {users} users at once, {name}", value, "ms", floor, _bar(users, name, floor)))
        if users <= PLACED_USERS:
            value, floor = (
                statistics.median(percentile(one.messages, 0.99) for one in rounds) for rounds in (ours, posting)
            )
            figures.append(Figure(f"Slack: {users} users at once, placeholder stands, p99", value, "ms", floor))
    return figures + await _singles(size.singles)


def _bar(users: int, name: str, floor: float) -> Bar | None:
    if name != "p99":
        return None
    return Bar(MOST_MS, "700 ms") if users >= 1000 else Bar(floor + OVER_FLOOR_MS, "floor + 100 ms")


async def _round(users: int) -> tuple[Round, Round, Round]:
    """Ours, the floor that acknowledges, the floor that also posts."""

    async def burst(fake: TimedSlack, channel: Channel) -> Round:
        return await _commands(fake, channel, users)

    return await _ours(burst), await _floor(burst), await _floor(burst, "post")


async def _singles(count: int) -> list[Figure]:
    """Each begins when the pictures of the one before it stand."""

    async def one_by_one(fake: TimedSlack, channel: Channel) -> Round:
        done = Round([], [])
        for number in range(count):
            one = await _commands(fake, channel, 1)
            await fake.until(lambda n=number: sum(bool(m.pictures) for m in fake.messages(channel)) > n + 1, WAIT_SECONDS)  # type: ignore[misc]  # bound early
            done.acks.extend(one.acks)
            done.messages.extend(one.messages)
        return done

    found = await _ours(one_by_one, IMAGINE_SKETCH_SECONDS="0")
    return [
        Figure(f"Slack: single command, {what}, {name}", percentile(values, share), "ms")
        for what, values in (("acknowledged", found.acks), ("placeholder stands", found.messages))
        for name, share in (("p50", 0.5), ("p99", 0.99))
    ]


async def _ours(deed: Deed, **settings: str) -> Round:
    async with TimedSlack() as fake, children.bot(**children.slack_settings(fake), **settings):
        drawn = settings.get("IMAGINE_SKETCH_SECONDS") == "0"
        return await _warmed(fake, deed, lambda one: bool(one.pictures) if drawn else True)


async def _floor(deed: Deed, *arguments: str) -> Round:
    async with TimedSlack() as fake, children.floor("slack_ack", *arguments, **children.slack_settings(fake)):
        return await _warmed(fake, deed, (lambda _: True) if arguments else None)


async def _warmed(fake: TimedSlack, deed: Deed, stands: Callable[[Message], bool] | None) -> Round:
    """One command before it, so that nothing is imported in it; `stands`: the message that it must have brought."""
    channel = fake.channel()
    await fake.connected(WAIT_SECONDS)
    await (await fake.command(fake.user(), channel, "a lighthouse")).acked(WAIT_SECONDS)
    if stands:
        await fake.until(lambda: any(stands(one) for one in fake.messages(channel)), WAIT_SECONDS)
    return await deed(fake, channel)


async def _commands(fake: TimedSlack, channel: Channel, users: int) -> Round:
    people, before, start = [fake.user() for _ in range(users)], len(fake.posted), time.perf_counter()
    acks = await asyncio.gather(*(_acked(fake, channel, one.id) for one in people))
    if before and users <= PLACED_USERS:
        await fake.until(lambda: len(fake.posted) >= before + users, PLACED_SECONDS)
    return Round(list(acks), [(at - start) * 1000 for at in fake.posted[before:]])


async def _acked(fake: TimedSlack, channel: Channel, user: str) -> float:
    delivery = await fake.command(fake.users[user], channel, "a lighthouse at dusk")
    try:
        return (await delivery.acked(WAIT_SECONDS)).seconds * 1000
    except NotAckedError:
        return float("inf")

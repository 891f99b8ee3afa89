"""A crowd on Discord: bursts of commands until the line is full and beyond, beside a process whose memory is watched."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.texts import answers
from tests.chaos import audit, books
from tests.chaos.ground import ground
from tests.chaos.lives import Life
from tests.chaos.recovery import Verdict
from tests.chaos.waits import comes_true, moment
from tests.fakes.discord.interaction import FakeInteraction
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.vendor.control import Control

WAIT_SECONDS = 30.0
DECIDE_SECONDS = 0.25
"""For each command, on a slow disk: every job is on disk some ten times before the vendor has it."""
MB = 1024


@dataclass(frozen=True, slots=True)
class Crowd:
    """`running` and `waiting`: the deployment's caps; `burst`: commands at once; `beyond`: people for whom there is no room.

    `ends`: let the vendor finish, and wait until every job has ended, for so many seconds at most; 0: not at all.
    """

    running: int
    waiting: int
    burst: int
    beyond: int
    ends: float = 0.0

    @property
    def people(self) -> int:
        """One command each."""
        return self.running + self.waiting + self.beyond

    def settings(self) -> dict[str, str]:
        """Of the bot; it must not lean on short waits."""
        return {"RUNNING": str(self.running), "WAITING": str(self.waiting), "POLL_SECONDS": "5", "PLAYGROUND": "off"}


FULL = Crowd(running=500, waiting=2000, burst=1000, beyond=500, ends=1200.0)
ACKNOWLEDGE_SECONDS = 3.0
"""Discord's."""
MB_MORE, KB_A_JOB = 150.0, 60.0
"""The bound of memory: so much more than after the start, and so much for each accepted job."""


@dataclass
class Measured:
    """Seconds of all acknowledgements, what people were told, MB before and at the peak."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    states: Counter[str] = field(default_factory=Counter)
    before: float = 0.0
    peak: float = 0.0
    verdict: Verdict = field(default_factory=lambda: Verdict("load", 1))


async def load(folder: Path, crowd: Crowd) -> Measured:
    """One life of the bot with its default waits, before a Discord that is this process's."""
    async with (
        ground(folder, lookup=True, settings=crowd.settings()) as (den, _, vendor),
        FakeDiscord(validate=False, keep_bytes=False) as fake,
    ):
        den.pace = "real"
        den.chats = {"DISCORD_TOKEN": fake.token, "DISCORD_API_URL": fake.api_url, "DISCORD_GATEWAY_URL": fake.gateway_url}
        await vendor.script(hold=True, size=32)
        async with den.life() as life:
            measured = await _crowd(life, fake, crowd, den.folder)
            if crowd.ends:
                await _end(measured, vendor, den.folder, life, crowd.ends)
            measured.peak = memory(life)
    return measured


async def crowded(folder: Path, crowd: Crowd) -> Verdict:
    """The same as a verdict: its `others` say what is wrong with the answers, the memory or the ends."""
    measured = await load(folder, crowd)
    slowest, more = max(measured.seconds), measured.peak - measured.before
    bound = MB_MORE + KB_A_JOB * (crowd.running + crowd.waiting) / 1024
    verdict, wanted = measured.verdict, {"running": crowd.running, "queued": crowd.waiting}
    wanted = {"delivered": crowd.running + crowd.waiting} if crowd.ends else wanted
    verdict.fault = (
        f"{crowd.people} people in bursts of {crowd.burst}, {crowd.running} run, {crowd.waiting} wait: "
        f"answered within {slowest:.2f} s, {measured.refused} refused, {measured.before:.0f} + {more:.0f} MB"
    )
    verdict.others += [] if measured.states == wanted else [f"ended as {dict(measured.states)}"]
    verdict.others += [] if measured.refused == crowd.beyond else [f"{measured.refused} of {crowd.beyond} refused"]
    verdict.others += [] if len(measured.seconds) == crowd.people else [f"{len(measured.seconds)} answered"]
    verdict.others += [] if slowest < ACKNOWLEDGE_SECONDS else [f"answered after {slowest:.1f} s"]
    verdict.others += [] if more < bound else [f"{more:.0f} MB more, {bound:.0f} are allowed"]
    return verdict


async def _crowd(life: Life, fake: FakeDiscord, crowd: Crowd, folder: Path) -> Measured:
    await fake.ready(timeout=WAIT_SECONDS)
    await fake.until(lambda: fake.commands.get(None), WAIT_SECONDS)
    channel, measured = fake.channel(), Measured(before=memory(life))
    asked: list[FakeInteraction] = []
    while len(asked) < crowd.people:
        many = min(crowd.burst, crowd.people - len(asked))
        burst = [fake.slash(fake.user(), channel, "imagine", prompt="a lighthouse at dusk") for _ in range(many)]
        measured.seconds += [one.seconds for one in await asyncio.gather(*(one.acknowledged(WAIT_SECONDS) for one in burst))]
        asked += burst

    async def decided() -> bool:
        measured.states = Counter(job["state"] for job in books.read(folder).jobs.values())
        measured.refused = sum(map(_refused, asked))
        at_rest = measured.states["running"] == crowd.running and measured.states["queued"] == crowd.waiting
        return at_rest and measured.refused == crowd.beyond

    await comes_true(decided, 2 * WAIT_SECONDS + DECIDE_SECONDS * crowd.people)
    return measured


def _refused(asked: FakeInteraction) -> bool:
    """Politely: privately, and with the reason."""
    said = [*([asked.message] if asked.message else []), *asked.followups]
    return any(message.ephemeral and answers.LINE_FULL in message.text for message in said)


async def _end(measured: Measured, vendor: Control, folder: Path, life: Life, most: float) -> None:
    """The vendor draws everything."""
    await vendor.script(size=32, seconds=0.1)
    await vendor.release()

    async def over() -> bool:
        return all(map(books.ended, books.read(folder).jobs.values()))

    await comes_true(over, most)
    await moment(lambda: _alive(life))
    found, paid = books.read(folder), (await vendor.counts())["keys"]
    measured.states = Counter(job["state"] for job in found.jobs.values())
    measured.verdict.books, measured.verdict.jobs = found, len(found.jobs)
    measured.verdict.lost, measured.verdict.doubled = list(audit.lost(found)), list(audit.doubled(found, paid))
    measured.verdict.charged = [
        *audit.wrongly_charged(found),
        *audit.spend_astray(found),
        *audit.sums_astray(found),
        *audit.miscounted(found, paid),
    ]


async def _alive(life: Life) -> bool:
    return life.process.returncode is None


def memory(life: Life) -> float:
    """The most MB that the process has had in memory so far."""
    status = Path(f"/proc/{life.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / MB

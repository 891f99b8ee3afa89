"""docs/benchmarks.md: the table, and how it came about."""

from __future__ import annotations

import os
import platform
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.figures import Figure, Size, table

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
LIBRARIES = ("discord.py", "slack-bolt", "aiohttp", "sqlalchemy", "aiosqlite", "fastapi", "pillow", "numpy", "obstore")
GIB = 1024**3
TEXT = """# Benchmarks

`make bench` measures everything on this page, one thing after the other, and writes the page anew.

{table}

Measured {date} on {machine}.

Versions: {versions}.

## How to read it

- **Floor**: the least that can be done with the same libraries, measured in the same run on the same machine. Figures and
  floors move together when the machine is busy; `load` is the one-minute load average when the figure was taken.
- **Bar**: what the figure is held to. A figure without a bar is there to be looked at.

## How it was measured

The bot is a process of its own: `python -m bot`, as an operator starts it, on an empty data folder (SQLite in its
safest mode, synchronous FULL). The bench process plays Discord, Slack and the picture vendor on loopback sockets and
takes all times, so they contain the fakes' own work as well; the floors are measured with the same fakes. Where
drawing itself is measured, the vendor is a third process, and sends its webhooks to the bot.

- **Users at once**: one command before it warms the process; then every user gives `/imagine` in the same moment. The
  time runs from the command to the first answer, a deferral counting. {rounds} rounds, each with fresh processes,
  floor and bot in turns; the figures are medians over the rounds. No picture is drawn meanwhile (a provider elsewhere
  does not take our CPU). Floor on Discord: a bot of ten lines with discord.py that defers at once. Floor on Slack:
  ten lines with slack-bolt that acknowledge (for the placeholder: that also post one message). Slack's rate limits
  are off in the fake: they would hide the bot's own time.
- **Single command**: {singles} commands, each after the pictures of the one before it were there.
- **While grids are made**: the vendor holds the pictures of {grids} jobs and lets them go in one moment. Until the
  last grid stands in its message, commands are given one after the other.
- **Own overhead**: the vendor holds four JPEGs of 1024 x 1024 pixels (grained, about 300 kB each). The clock starts
  when it lets them go: webhook, status, download, checks, storing, the grid, the upload; it stops when Discord has
  the final edit. {drawings} drawings, one at a time, the first one not counted.
- **Event loop**: a timer inside the bot wants its turn every 2 ms; a block is how late it came. Floor: the same at
  idle.
- **CPU per finished job**: processor time of the whole bot process over {jobs} jobs, four at a time, Discord
  connected. Floor: decoding the four pictures and encoding their grid once, with Pillow alone.
- **Throughput**: bot, vendor and Discord share this machine. First 40 people ask again and again as soon as theirs is
  there, for {quarter:g} minutes; then 12 jobs a second are asked for, {minutes:g} minutes long, whatever comes of it.
  Growth: how many more jobs were under way in the last quarter than in the second.
- **Engine**: store, engine and core with a chat, a provider and pixels that cost next to nothing; 40 jobs a second,
  {engine:g} seconds long, each 5 seconds at the provider. Added: from the acceptance to the end in the store, less
  the provider's time.
- **Memory at idle**: both chats connected, nothing to do. Floor: a process that imports exactly the modules of other
  people that the idle bot has imported (numpy, Pillow and obstore are loaded at the first picture, so they are in
  neither).
- **Memory with waiting jobs and over time**: anonymous pages, since what a process has of files for itself alone changes
  with what else runs. {waiting:,} jobs wait behind one that never ends; and 3 jobs a
  second are drawn, {soak:g} minutes long, with a reading every second.
- **Old jobs**: one drawn job is copied {old:,} times in SQL, with its calls, both books and its audit entries, over
  two years. A tenth of them is the asking user's, half is in the guild. Both bots stand at once and are asked in
  turns, the user with the long history asking; then the engine alone runs on both databases, unhurried, every second
  job that user's.
- **Calls per job**: counted at the fakes, jobs one at a time. The fewest on Discord are 2: the interaction's answer,
  which is the placeholder, and the edit that brings the pictures. On Slack 6: chat.postMessage, the three steps of an
  upload, files.info (an image block takes a file only when its type is known), chat.update. Limits: {grids} jobs that
  tell of their progress for 25 seconds; Discord's is five calls of one token in five seconds, Slack's are those of
  its method tiers.
- **Start to ready**: from the start of the process to the line `started`. Floor: importing those modules.
- **Grid** and **sketch**: CPU time of the process. Floor of sketch: encoding the finished picture once more.

`make bench LONG=1` loads for 10 minutes and watches memory for 30; `python -m tests.bench NAME` measures one thing.
On a machine that does other work, look at CPU figures and at floors: times grow with the load.
"""


def write(figures: Sequence[Figure], size: Size) -> None:
    """Replace the page."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    PAGE.write_text(
        TEXT.format(
            table=table(figures),
            date=datetime.now(UTC).date().isoformat(),
            machine=machine(),
            versions=textwrap.fill(f"Python {platform.python_version()}, {libraries}", 110),
            rounds=size.rounds,
            singles=size.singles,
            drawings=size.drawings,
            grids=size.grids,
            jobs=size.jobs,
            minutes=size.minutes,
            quarter=size.minutes / 4,
            engine=size.engine,
            waiting=size.waiting,
            soak=size.soak,
            old=size.old_jobs,
        )
    )


def machine() -> str:
    """In words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB memory"

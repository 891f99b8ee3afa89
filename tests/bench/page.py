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

The bot is a process of its own: `python -m bot`, as an operator starts it, on an empty data folder (SQLite in its safest
mode, synchronous FULL). The bench process plays Discord, Slack and the picture vendor on loopback sockets and takes all
times, so they contain the fakes' own work as well; the floors are measured with the same fakes.

- **Users at once**: one command before it warms the process; then every user gives `/imagine` in the same moment. The time
  runs from the command to the first answer, a deferral counting. {rounds} rounds, each with fresh processes, floor and bot
  in turns; the figures are medians over the rounds. No picture is drawn meanwhile (a provider elsewhere does not take our
  CPU). Floor on Discord: a bot of ten lines with discord.py that defers at
  once. Floor on Slack: ten lines with slack-bolt that acknowledge (for the placeholder: that also post one message).
  Slack's rate limits are off in the fake: they would hide the bot's own time.
- **Single command**: {singles} commands, each after the pictures of the one before it were there.
- **Own overhead**: the vendor holds four JPEGs of 1024 x 1024 pixels (grained, about 300 kB each). The clock starts when it
  lets them go: webhook, status, download, checks, storing, the grid, the upload; it stops when Discord has the final edit.
  {drawings} drawings, one at a time, the first one not counted.
- **Event loop**: a timer inside the bot wants its turn every 2 ms; a block is how late it came. Floor: the same at idle.
- **Memory**: both chats connected, nothing to do. Floor: a process that imports exactly the modules of other people that the
  idle bot has imported (numpy, Pillow and obstore are loaded at the first picture, so they are in neither).
- **Start to ready**: from the start of the process to the line `started`. Floor: importing those modules.
- **Grid** and **sketch**: CPU time of the process. Floor of sketch: encoding the finished picture once more.
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
        )
    )


def machine() -> str:
    """In words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB memory"

"""`python -m tests.bench [NAME ...]`: all benches one after the other, one table; all of them together write the page.

Exit code 1 where a bar was missed.
"""

from __future__ import annotations

import asyncio
import sys

from tests.bench import bench_discord, bench_grid, bench_idle, bench_overhead, bench_sketch, bench_slack, page
from tests.bench.figures import Figure, Size, table

BENCHES = {
    "discord": bench_discord.measure,
    "slack": bench_slack.measure,
    "overhead": bench_overhead.measure,
    "grid": bench_grid.measure,
    "idle": bench_idle.measure,
    "sketch": bench_sketch.measure,
}


async def main(names: list[str]) -> int:
    """Run the named ones, or all."""
    if unknown := [name for name in names if name not in BENCHES]:
        sys.stderr.write(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHES)}\n")
        return 2
    figures: list[Figure] = []
    for name in names or BENCHES:
        sys.stderr.write(f"measuring {name} ...\n")
        figures += await BENCHES[name](Size())
    sys.stdout.write(table(figures) + "\n")
    if not names:
        page.write(figures, Size())
    return int(any(one.bar and not one.bar.met(one.value) for one in figures))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))

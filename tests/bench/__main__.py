"""`python -m tests.bench [--long] [NAME ...]`: benches one after the other, one table; all of them write the page.

`--long`: ten minutes of steady load and half an hour of soak in place of two and three. Exit code 1 where a bar was missed.
"""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser

from tests.bench import (
    bench_busy,
    bench_calls,
    bench_cpu,
    bench_discord,
    bench_engine,
    bench_grid,
    bench_idle,
    bench_memory,
    bench_old,
    bench_overhead,
    bench_sketch,
    bench_slack,
    bench_throughput,
    page,
)
from tests.bench.figures import LONG, Figure, Size, table

BENCHES = {
    "discord": bench_discord.measure,
    "slack": bench_slack.measure,
    "busy": bench_busy.measure,
    "overhead": bench_overhead.measure,
    "cpu": bench_cpu.measure,
    "throughput": bench_throughput.measure,
    "engine": bench_engine.measure,
    "idle": bench_idle.measure,
    "memory": bench_memory.measure,
    "old": bench_old.measure,
    "calls": bench_calls.measure,
    "grid": bench_grid.measure,
    "sketch": bench_sketch.measure,
}


async def main(names: list[str], size: Size) -> int:
    """Run the named ones, or all."""
    figures: list[Figure] = []
    for name in names or BENCHES:
        sys.stderr.write(f"measuring {name} ...\n")
        figures += await BENCHES[name](size)
    sys.stdout.write(table(figures) + "\n")
    if not names:
        page.write(figures, size)
    return int(any(one.bar and not one.bar.met(one.value) for one in figures))


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.bench", description="Measure; docs/benchmarks.md says what.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all of them write the page")
    parser.add_argument("--long", action="store_true", help="steady load for 10 minutes, memory for 30")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in BENCHES]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    sys.exit(asyncio.run(main(given.names, LONG if given.long else Size())))

"""`python -m tests.chaos`: the long form; prints the table and every fault, then runs all slow tests; exit code 1 if any."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from tests.chaos.long_form import run_all
from tests.chaos.points import POINTS
from tests.chaos.table import DOCUMENT, table, written

LEFT_OUT = (
    "--ignore=tests/bench",
    "--deselect=tests/chaos/test_kill.py::test_the_long_form",
    "--deselect=tests/chaos/test_chats.py",
)
"""What `make bench` runs, and what has been run here."""


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=200, help="jobs in flight in each flood")
    parser.add_argument("--seed", type=int, default=1, help="where the second life's jobs are stopped")
    parser.add_argument("--keep", type=Path, default=None, help="a folder for databases and logs; default: none is kept")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/reliability.md (on a quiet machine)")
    given = parser.parse_args()
    # Provider rows run in this process: what the bot logs there would hide the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # fakes whose clients are cut off say so at length
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="chaos-") as scratch:
        for verdict in run_all(given.keep or Path(scratch), given.jobs, given.seed):
            verdicts.append(verdict)
            faults = [f"  {line}" for line in verdict.faults]
            sys.stdout.write("\n".join([f"{verdict.fault}: {len(faults)} faults", *faults]) + "\n")
            sys.stdout.flush()
    missing = set(POINTS) - set().union(*(verdict.reached for verdict in verdicts))
    sys.stdout.write(f"\n{table(verdicts)}\n\npoints: {len(POINTS)}, never reached: {sorted(missing) or 'none'}\n")
    sys.stdout.flush()
    if given.write:
        DOCUMENT.write_text(written(DOCUMENT.read_text(), datetime.now(UTC).date(), verdicts))
    slow = pytest.main(["-m", "slow", "tests", *LEFT_OUT])
    return int(bool(missing) or any(verdict.faults for verdict in verdicts) or slow != pytest.ExitCode.OK)


if __name__ == "__main__":
    sys.exit(main())

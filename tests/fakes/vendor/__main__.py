"""`python -m tests.fakes.vendor --port 0 --state FILE`: prints {"port": ...} as one JSON line and serves until killed."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from tests.fakes.vendor.server import serve


async def run(port: int, state: Path | None) -> None:
    async with serve(port, state) as vendor:
        sys.stdout.write(json.dumps({"port": int(vendor.base.rpartition(":")[2])}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, default=None, help="a file that keeps the count of paid calls")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.port, arguments.state))

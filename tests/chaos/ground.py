"""Where a run takes place: a folder, a vendor of its own, people with an HTTP client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.chaos.lives import Den
from tests.chaos.people import People
from tests.fakes.vendor.control import Control, process


@asynccontextmanager
async def ground(
    folder: Path, *, lookup: bool, settings: dict[str, str] | None = None
) -> AsyncIterator[tuple[Den, People, Control]]:
    """`settings`: IMAGINE_ settings without their beginning, besides those of every run."""
    (folder / "data").mkdir(parents=True)
    bill = folder / "bill.jsonl"
    if bill.exists():
        raise FileExistsError(f"{bill} is another run's")
    with process(bill) as base:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None)) as client:
            den = Den(folder / "data", base, lookup, settings=settings or {})
            yield den, People(client), Control(base, client)

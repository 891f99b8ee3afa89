"""SIGTERM while submits are open: they are awaited for as long as the setting says; a second signal cuts."""

from __future__ import annotations

import asyncio
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.chaos import books
from tests.chaos.ground import ground
from tests.chaos.lives import Life
from tests.chaos.people import People
from tests.chaos.recovery import Verdict, judge, wait_for_ends
from tests.chaos.waits import moment


@dataclass
class Stopped:
    """How the process ended. `calls`: states of the calls right after it; `seconds` from the first signal."""

    code: int
    seconds: float
    calls: list[str]
    verdict: Verdict = field(repr=False)


async def stop(
    folder: Path, script: dict[str, Any], *, signals: int, seconds: str, lookup: bool = False, jobs: int = 3
) -> Stopped:
    """`jobs` jobs are being submitted while the process gets its signals; a second life ends what is left."""
    async with ground(folder, lookup=lookup, settings={"STOP_SECONDS": seconds}) as (den, people, vendor):
        await vendor.script(**script)

        async def all_paid() -> bool:
            return bool((await vendor.counts())["total"] == jobs)

        async with den.life() as life:
            people.base = life.url
            await asyncio.gather(*(people.imagine(f"u{n}", "a kite --provider fake-async") for n in range(jobs)))
            await moment(all_paid)
            begun = time.monotonic()
            life.signal(signal.SIGTERM)
            if signals > 1:
                await moment(lambda: _refuses(people))
                life.signal(signal.SIGTERM)
            async with asyncio.timeout(30.0):
                code = await life.process.wait()
        found = Stopped(code, time.monotonic() - begun, _calls(den.folder), Verdict("SIGTERM", 1))
        await vendor.script()
        async with den.life() as life:
            await _end(life, people, found.verdict, den.folder)
            await judge(found.verdict, den.folder, people, vendor)
        return found


async def _refuses(people: People) -> bool:
    """Whether new asks are refused by now: the first signal has come through."""
    try:
        await people.command("late", "/info")
    except httpx.HTTPStatusError as error:
        return error.response.status_code == 503
    return False


async def _end(life: Life, people: People, verdict: Verdict, folder: Path) -> None:
    people.base = life.url
    verdict.seconds, verdict.back = await wait_for_ends(folder, life), life.back


def _calls(folder: Path) -> list[str]:
    return [str(call["state"]) for call in books.read(folder).calls.values()]

"""How soon a restarted process has ended what was left to it, where no provider has to be waited for."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.ground import ground
from tests.chaos.people import People
from tests.chaos.points import Stop
from tests.chaos.recovery import Verdict, judge, wait_for_ends
from tests.chaos.stage import playing

RECOVERY_SECONDS = 2.0
"""From the start on, embedded."""


async def restart(folder: Path, jobs: int) -> Verdict:
    """That many pictures are drawn and about to be shown when the process is killed."""
    async with ground(folder, lookup=True) as (den, people, vendor):
        await vendor.script(seconds=0.0)
        users = [f"u{n}" for n in range(jobs)]
        verdict = Verdict(f"killed before {jobs} results were shown", 1)
        async with den.life({user: Stop("before:end") for user in users}) as life:
            people.base = life.url
            async with playing([_ask(people, user) for user in users]):
                if not await life.until(lambda life: len(life.reached) == jobs, 60.0):
                    verdict.others.append(f"{len(life.reached)} of {jobs} came to their point")
        async with den.life() as life:
            people.base = life.url
            verdict.seconds, verdict.back = await wait_for_ends(den.folder, life), life.back
            await judge(verdict, den.folder, people, vendor)
    if verdict.seconds - verdict.back > RECOVERY_SECONDS:
        verdict.others.append(f"{verdict.seconds - verdict.back:.1f} s from the start to the last end")
    return verdict


async def _ask(people: People, user: str) -> None:
    await people.imagine(user, "a kite --provider fake-async")

"""kill -9 at random moments while people ask in a chat: what an operator's machine does to a bot, again and again."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from pathlib import Path

from tests.chaos import books
from tests.chaos.chats import SETTINGS, Town, judge, over
from tests.chaos.ground import ground
from tests.chaos.lives import Den
from tests.chaos.recovery import END_SECONDS, Verdict
from tests.chaos.waits import comes_true, moment
from tests.fakes.vendor.control import Control

LIFE_SECONDS = (0.0, 2.5)
"""How long a life lasts after its people have asked."""
PACE = {"answer_delay": 0.3, "seconds": 0.5, "size": 64}
ENDS = frozenset({"delivered", "cancelled"})
"""Cancelled, uncharged: the kill came before the person saw anything."""


async def strike(folder: Path, town: Town, jobs: int, kills: int, seed: int) -> tuple[Verdict, list[str]]:
    """`jobs` people, some in each of `kills` lives; and the messages that belong to no job."""
    dice, verdict = random.Random(seed), Verdict(f"{town.name}: kill -9 at random moments", kills)  # noqa: S311 - no secret
    async with ground(folder, lookup=True, settings=SETTINGS) as (den, _, vendor):
        den.chats = town.settings
        await vendor.script(**PACE)
        for life_number in range(kills):
            async with den.life():
                await town.ready()
                for number in range(life_number * jobs // kills, (life_number + 1) * jobs // kills):
                    await town.ask(number, f"a fleet at sea, {number} --provider fake-async")
                await asyncio.sleep(dice.uniform(*LIFE_SECONDS))
        await _last_life(verdict, den, town, vendor)
    return verdict, _strays(town, verdict)


async def strike_in(
    folder: Path,
    town: Town,
    jobs: int,
    reached: Callable[[], bool],
    name: str,
    holding: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
) -> tuple[Verdict, list[str]]:
    """One kill, as soon as `reached`: the chat has done what calls want. `holding`: meanwhile it answers none of them."""
    verdict = Verdict(f"{town.name}: {name}", 1)
    async with ground(folder, lookup=True, settings=SETTINGS) as (den, _, vendor):
        den.chats = town.settings
        await vendor.script(**PACE)
        async with holding(), den.life():
            await town.ready()
            for number in range(jobs):  # one after the other: what comes as a crowd is deferred, and waits for its answer
                await town.ask(number, f"a fleet at sea, {number} --provider fake-async")
                await moment(partial(_accepted, den.folder, number + 1))

            async def there() -> bool:
                return reached()

            await moment(there)
        await _last_life(verdict, den, town, vendor)
    return verdict, _strays(town, verdict)


def placed(folder: Path) -> bool:
    """Every placeholder of a run is kept: what a kill inside a post leaves behind is another row's business."""
    return all(job["message"] for job in books.read(folder / "data").jobs.values())


async def _accepted(folder: Path, jobs: int) -> bool:
    return len(books.read(folder).jobs) == jobs


async def _last_life(verdict: Verdict, den: Den, town: Town, vendor: Control) -> None:
    async with den.life() as life:
        await comes_true(lambda: over(den.folder), 3 * END_SECONDS)
        verdict.seconds, verdict.back = time.monotonic() - life.born, life.back
        await judge(verdict, den.folder, town, (await vendor.counts())["keys"], ENDS)


def _strays(town: Town, verdict: Verdict) -> list[str]:
    jobs = verdict.books.jobs.values()
    known = {json.loads(job["message"])["message_id"] for job in jobs if job["message"]}
    return [one for one in town.standing_ids() if one not in known]

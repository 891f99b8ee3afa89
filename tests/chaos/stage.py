"""Plays the acts of the first life: each scene is a task of its own, because many of them never get an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.chaos import books, moderators
from tests.chaos.books import ENDS, ended
from tests.chaos.lives import Life
from tests.chaos.people import People
from tests.chaos.scenes import NORMAL, Act, Scene
from tests.chaos.waits import moment
from tests.fakes.vendor.control import Control

ACT_SECONDS = 30.0
"""Seconds in which somebody comes to a point."""
AFTER_A_FAULT = 3.0
"""The same when the run has failed already."""


@asynccontextmanager
async def playing(work: Sequence[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run the tasks beside what the block does; those that still wait at its end are cut, as a kill cuts them."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, httpx.TransportError):
                raise outcome


async def play(
    life: Life, people: People, vendor: Control, folder: Path | str, acts: Sequence[Act], faults: list[str]
) -> None:
    """Act after act; `faults` gets a line for each scene that did not come to its point."""
    await vendor.script(**NORMAL)
    tiles = iter([(parent, index) for parent in await _parents(people, folder) for index in (1, 2, 3, 4)])
    for act in acts:
        await vendor.script(**act.script)
        work = [_perform(scene, life, people, folder, tiles) for scene in act.scenes]
        async with playing([*work, *([_report_late(act, life, vendor, folder)] if act.late else [])]):
            there = await _all_there(life, {scene.user for scene in act.scenes}, AFTER_A_FAULT if faults else ACT_SECONDS)
            faults += [f"{one.user} never came to {one.stop}" for one in act.scenes if one.user not in there]


async def _all_there(life: Life, users: set[str], most: float) -> set[str]:
    """Wait while one after another comes to its point; the users who did. `most`: seconds in which nobody comes."""
    there: set[str] = set()
    while not users <= there:
        known = len(there)
        await life.until(lambda life, known=known: len(life.reached) > known, most)  # type: ignore[misc]
        there = {user for user, _ in life.reached}
        if len(life.reached) <= known:
            break
    return there


async def _report_late(act: Act, life: Life, vendor: Control, folder: Path | str) -> None:
    """Let the vendor finish once every job of the act has ended, was found after all, or stands at its point."""

    async def given_up() -> bool:
        found, there = books.read(folder), {user for user, _ in life.reached}
        return all(
            scene.user in there or any(ended(job) or _found(found.calls_of(job["id"])) for job in found.of(scene.user))
            for scene in act.scenes
        )

    await moment(given_up)
    await vendor.release()


def _found(calls: Sequence[books.Row]) -> bool:
    return any(call["state"] == "accepted" for call in calls)


async def _parents(people: People, folder: Path | str) -> list[str]:
    """Three delivered grids to press U and V on."""
    parents = [await people.imagine(f"parent{n}", "an old oak --provider fake-async") for n in range(3)]
    for parent in parents:
        await _state(folder, parent, "delivered")
    return parents


async def _perform(scene: Scene, life: Life, people: People, folder: Path | str, tiles: Iterator[tuple[str, int]]) -> None:
    if scene.action != "imagine":
        parent, index = next(tiles)
        await people.press(scene.user, parent, scene.action, index)
        return
    if scene.then == "ping":
        page = await people.command(scene.user, "/settings")
        await people.press(scene.user, page["message"]["id"], "setting", job="ping")
    if scene.at == "queued":
        await _state(folder, await people.imagine(scene.user, f"first --provider {scene.provider}"), "running")
    job_id = await people.imagine(scene.user, f"{scene.prompt} --provider {scene.provider}")
    if scene.at:
        await _state(folder, job_id, scene.at)
        await _press(scene, life, people, folder, job_id)


async def _press(scene: Scene, life: Life, people: People, folder: Path | str, job_id: str) -> None:
    if scene.then == "revive":
        life.order(revive=job_id)
    elif scene.then == "erase":
        await people.press(scene.user, job_id, "privacy", job="erase")
    elif scene.then in {"decide", "report", "judge"}:
        await _moderate(scene, people, folder, job_id)
    else:
        await people.press(scene.user, job_id, scene.then)


async def _moderate(scene: Scene, people: People, folder: Path | str, job_id: str) -> None:
    """Report it, where the scene says so, then wait until it is asked about and decide."""
    if scene.then != "decide":
        await people.fill("reporter", job_id, "report", reason="odd")
    if scene.then == "report":
        return

    async def asked() -> bool:
        return (job_id, scene.user) in books.open_reviews(folder)

    await moment(asked)
    await moderators.decide(people, job_id, scene.user)


async def _state(folder: Path | str, job_id: str, state: str) -> None:
    """Wait until the row says so (an end: until it was told)."""
    while True:
        job = books.job_row(folder, job_id)
        if job and job["state"] == state and (state not in ENDS or ended(job)):
            return
        await asyncio.sleep(0.1)

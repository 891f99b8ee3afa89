"""Stop everything here now, let people draw again, and cancel what waits."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.admin.asker import Asker
from bot.desk.admin.pages import control, ways_back
from bot.jobs.model import Job
from bot.jobs.surface import Button, Card, Style, Tone
from bot.policy.records import What
from bot.texts import admin as texts

MOST = 10_000
"""Waiting jobs that one press cancels."""


async def stop(asker: Asker) -> Card:
    """Nothing new is accepted; what waits stays as it is until somebody presses the button."""
    line = texts.ALREADY_STOPPED
    if not asker.community.stopped:
        await asker.put(lambda now: replace(now, stopped=True), What.STOPPED, texts.STOP_DONE)
        line = texts.STOP_DONE
    waiting = len(await _waiting(asker))
    buttons = [Button(control("resume"), texts.RESUME, Style.PRIMARY), *ways_back(asker)]
    if waiting:
        buttons.insert(0, Button(control("cancel_waiting"), texts.CANCEL_WAITING, Style.DANGER))
    return _card(tuple(buttons), line, texts.waiting(waiting))


async def resume(asker: Asker) -> Card:
    """People may draw again."""
    line = texts.ALREADY_RUNNING
    if asker.community.stopped:
        await asker.put(lambda now: replace(now, stopped=False), What.RESUMED, texts.RESUME_DONE)
        line = texts.RESUME_DONE
    return _card(ways_back(asker), line)


async def cancel_waiting(asker: Asker) -> Card:
    """Every job of this community that has not begun; the engine refunds each and tells its user."""
    house, count = asker.house, 0
    for job in await _waiting(asker):
        if await house.store.cancel(job.id, house.clock()):
            house.engine.wake(job.id)
            count += 1
    await house.policy.record(asker.entry(What.STOPPED, texts.cancelled(count)))
    house.noticed.set()
    way = Button(control("resume"), texts.RESUME, Style.PRIMARY)
    return _card((way, *ways_back(asker)) if asker.community.stopped else ways_back(asker), texts.cancelled(count))


async def _waiting(asker: Asker) -> list[Job]:
    return await asker.house.store.waiting_in(asker.key, MOST)


def _card(buttons: tuple[Button, ...], *lines: str) -> Card:
    return Card(Tone.DONE, title=texts.STOP_TITLE, lines=lines, rows=(buttons,) if buttons else (), private=True)

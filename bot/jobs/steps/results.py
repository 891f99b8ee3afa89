"""What came of calls: keeping their pictures, and the end of a job whose calls all came to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.jobs.house import House
from bot.jobs.model import Call, Found, Job, JobState, Picture
from bot.jobs.steps.common import end, log, seconds_of
from bot.jobs.steps.insist import insist
from providers.base import Drawn
from providers.errors import Family

WORST_FIRST = (
    Family.MODERATED.value, "cancelled", Family.BAD_KEY.value, Family.NO_MONEY.value, Family.BAD_REQUEST.value,
    Family.REFUSED.value, "deadline", "no_pictures", Family.BUSY.value, Family.BROKEN.value,
)  # fmt: skip


async def keep(house: House, call: Call, ref: str, drawn: Sequence[Drawn], cost: int | None) -> None:
    """Write a finished call down. Inline bytes go into the picture store before the row says done."""
    if not drawn:
        why = "no_pictures: the provider said done without any"
        await insist(house, partial(house.store.call_refused, call, why, paid=True, now=house.clock()))
        return
    pictures, urls = [], []
    for index, picture in enumerate(drawn):
        if picture.url:
            urls.append(Found(picture.url, picture.seed, picture.image_id))
            continue
        key = f"calls/{call.id}/{index}"
        await insist(house, partial(house.pictures.put, key, picture.data, "application/octet-stream"))
        size = len(picture.data)
        pictures.append(Picture(key, "", 0, 0, size, picture.seed, picture.image_id, call.id, index))
    await insist(house, partial(house.store.call_done, call, ref, pictures, urls, cost, house.clock()))
    log.info("call done", call=call.id, attempt=call.attempt, polls=call.polls, hooked=call.hooked, cost=cost,
             seconds=seconds_of(house, call))  # fmt: skip


async def end_refused(house: House, job: Job, calls: Sequence[Call]) -> Job:
    """No call brought anything: say why, by the reason that tells the person most. Nothing is charged."""
    reasons = {call.reason.partition(":")[0]: call.reason for call in calls}
    code = next((code for code in WORST_FIRST if code in reasons), Family.BROKEN.value)
    detail = reasons.get(code, "").partition(":")[2].strip()
    if code == "cancelled":
        return await end(house, job, JobState.CANCELLED, "person")
    if code in {Family.MODERATED.value, Family.REFUSED.value}:
        return await end(house, job, JobState.REFUSED, "moderated", detail=detail)
    return await end(house, job, JobState.FAILED, code, detail=detail)

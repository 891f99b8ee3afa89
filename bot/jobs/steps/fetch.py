"""finished -> stored: download, check, keep as received, compose the grid."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.jobs.chat_port import Chat
from bot.jobs.house import House
from bot.jobs.model import Call, CallState, Job, JobState, Picture
from bot.jobs.ports import Composed
from bot.jobs.steps import cleanup
from bot.jobs.steps.common import Next, end, log
from bot.jobs.steps.insist import insist
from bot.jobs.steps.screen import screen
from bot.texts import review as texts
from providers.base import PrivateFiles
from providers.errors import BadPicture, BadUrl

PICTURE_BYTES = 40 * 1024 * 1024
"""The largest picture that is downloaded."""
LONGEST_WAIT = 120.0
"""Seconds: vendors' addresses die in ten minutes, and all waits for one picture end before that, or they cost the others."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """One picture of a call before it is checked."""

    call: Call
    index: int
    seed: int | None
    source_id: str
    url: str = ""
    key: str = ""


async def step(house: House, job: Job) -> Next:
    """Redone from the URLs or the store after a kill. What is gone for good is not waited for: the others are shown."""
    raws = _raws(await house.store.calls(job.id))
    got = await asyncio.gather(*(_get(house, job, raw) for raw in raws))
    passing = [answer for answer in got if isinstance(answer, BadUrl) and answer.passing]
    if passing and job.attempts + 1 < house.tries.fetch:
        asked = max(answer.retry_after or 0.0 for answer in passing)
        wait = house.backoff(job.attempts, min(asked, LONGEST_WAIT))
        await house.store.retry(job, house.clock() + wait, "fetch")
        return wait
    return await _keep(house, job, [(raw, data) for raw, data in zip(raws, got, strict=True) if isinstance(data, bytes)])


def _raws(calls: Sequence[Call]) -> list[_Raw]:
    raws = []
    for call in sorted(calls, key=lambda call: call.slot):
        if call.state is CallState.DONE:
            raws += [_Raw(call, n, found.seed, found.source_id, url=found.url) for n, found in enumerate(call.urls)]
            raws += [_Raw(call, kept.index, kept.seed, kept.source_id, key=kept.key) for kept in call.pictures]
    return raws


async def _get(house: House, job: Job, raw: _Raw) -> bytes | BadUrl | None:
    """The bytes; why they did not come; None where our own store has lost them."""
    if raw.key:
        try:
            return await house.pictures.get(raw.key)
        except KeyError:
            return None
    provider = house.providers.get(job.provider)
    headers = provider.download_headers(raw.url) if isinstance(provider, PrivateFiles) else None
    try:
        return await house.downloads.fetch(
            raw.url, limit=PICTURE_BYTES, headers=headers, trusted=house.trusted_hosts.get(job.provider, "")
        )
    except BadUrl as error:
        log.warning("picture not fetched", call=raw.call.id, index=raw.index, error=str(error), attempt=job.attempts)
        return error


async def _keep(house: House, job: Job, got: Sequence[tuple[_Raw, bytes]]) -> Next:
    good, made = await _checked(house, job, got)
    if not good:
        return await end(house, job, JobState.FAILED, "no_pictures")
    screened = await screen(house, job, [picture for _, picture in good])
    if screened.refuse:
        await cleanup.drop_drawn(house, job)
        return await end(house, job, JobState.REFUSED, "flagged", detail=texts.flagged(screened.flags))
    tiles = [picture.data for _, picture in good]
    kept = (_store(house, job, raw, picture, n) for n, (raw, picture) in enumerate(good, 1))
    shown, *pictures = await asyncio.gather(compose(house, job, tiles, made=made), *kept)
    state = JobState.REVIEW if screened.hold else JobState.STORED
    flags, spoiler = screened.flags, screened.spoiler
    return await insist(house, partial(house.store.store, job, pictures, shown, state=state, flags=flags, spoiler=spoiler))


async def _checked(
    house: House, job: Job, got: Sequence[tuple[_Raw, bytes]]
) -> tuple[list[tuple[_Raw, Composed]], Composed | None]:
    """The pictures that can be used, at most as many as were asked for, and their grid where it is made already."""
    first = got[: job.request.count]
    if len(first) > 1:
        try:
            seen, made = await house.imaging.sheet(
                [data for _, data in first], limit_of(house.chats[job.actor.platform], job)
            )
            return [(raw, picture) for (raw, _), picture in zip(first, seen, strict=True)], made
        except BadPicture:
            log.info("one by one: a picture is not usable", pictures=len(got))
    checked = await asyncio.gather(*(_check(house, raw, data) for raw, data in got))
    good = [(raw, picture) for (raw, _), picture in zip(got, checked, strict=True) if picture]
    return good[: job.request.count], None


async def _check(house: House, raw: _Raw, data: bytes) -> Composed | None:
    try:
        return await house.imaging.check(data)
    except BadPicture as error:
        log.warning("picture not usable", call=raw.call.id, index=raw.index, error=str(error))
        return None


async def _store(house: House, job: Job, raw: _Raw, picture: Composed, number: int) -> Picture:
    key = f"jobs/{job.id}/{number}"
    await insist(house, partial(house.pictures.put, key, picture.data, picture.mime))
    size = len(picture.data)
    return Picture(key, picture.mime, picture.width, picture.height, size, raw.seed, raw.source_id, raw.call.id, raw.index)


def limit_of(chat: Chat, job: Job) -> int:
    """Bytes that one picture may have in this message: the smaller of the chat's and the place's limit."""
    return min(chat.limits.picture_bytes, job.place.upload_limit or chat.limits.picture_bytes)


async def compose(
    house: House, job: Job, tiles: Sequence[bytes], limit: int | None = None, made: Composed | None = None
) -> Picture:
    """What the message shows: the grid of several (`made` already?), or the one itself, under the limit.

    It is kept beside the tiles.
    """
    made = made or await _made(house, job, tiles, limit)
    key = f"jobs/{job.id}/shown-{len(made.data)}"
    await insist(house, partial(house.pictures.put, key, made.data, made.mime))
    return Picture(key, made.mime, made.width, made.height, len(made.data))


async def _made(house: House, job: Job, tiles: Sequence[bytes], limit: int | None) -> Composed:
    chat = house.chats[job.actor.platform]
    most = limit or limit_of(chat, job)
    if len(tiles) > 1:
        return await house.imaging.grid(tiles, most)
    return await house.imaging.fit(tiles[0], most, chat.limits.formats)

"""finished -> stored: download, check, keep as received, compose the grid."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.house import House
from bot.jobs.model import Call, CallState, Job, JobState, Picture
from bot.jobs.ports import Chat, Composed
from bot.jobs.steps.common import Next, end, log
from providers.base import PrivateFiles
from providers.errors import BadPicture, BadUrl

PICTURE_BYTES = 40 * 1024 * 1024
"""The largest picture that is downloaded."""


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
    """Redone from the URLs or the store after a kill."""
    raws = _raws(await house.store.calls(job.id))
    got = await asyncio.gather(*(_get(house, job, raw) for raw in raws))
    if any(data is None for data in got) and job.attempts + 1 < house.tries.fetch:
        wait = house.backoff(job.attempts)
        await house.store.retry(job, house.clock() + wait, "fetch")
        return wait
    return await _keep(house, job, [(raw, data) for raw, data in zip(raws, got, strict=True) if data])


def _raws(calls: Sequence[Call]) -> list[_Raw]:
    raws = []
    for call in sorted(calls, key=lambda call: call.slot):
        if call.state is CallState.DONE:
            raws += [_Raw(call, n, found.seed, found.source_id, url=found.url) for n, found in enumerate(call.urls)]
            raws += [_Raw(call, kept.index, kept.seed, kept.source_id, key=kept.key) for kept in call.pictures]
    return raws


async def _get(house: House, job: Job, raw: _Raw) -> bytes | None:
    """The bytes; b"" if they can never be had, None if a later try may bring them."""
    if raw.key:
        try:
            return await house.pictures.get(raw.key)
        except KeyError:
            return b""
    provider = house.providers.get(job.provider)
    headers = provider.download_headers(raw.url) if isinstance(provider, PrivateFiles) else None
    try:
        return await house.downloads.fetch(
            raw.url, limit=PICTURE_BYTES, headers=headers, trusted=house.trusted_hosts.get(job.provider, "")
        )
    except BadUrl as error:
        log.warning("picture not fetched", call=raw.call.id, index=raw.index, error=str(error), attempt=job.attempts)
        return None


async def _keep(house: House, job: Job, got: Sequence[tuple[_Raw, bytes]]) -> Next:
    checked = await asyncio.gather(*(_check(house, raw, data) for raw, data in got))
    good = [(raw, picture) for (raw, _), picture in zip(got, checked, strict=True) if picture]
    if not good:
        return await end(house, job, JobState.FAILED, "no_pictures")
    pictures = [await _store(house, job, raw, picture, n) for n, (raw, picture) in enumerate(good[: job.request.count], 1)]
    shown = await compose(house, job, [picture.data for _, picture in good[: job.request.count]])
    return await house.store.store(job, pictures, shown)


async def _check(house: House, raw: _Raw, data: bytes) -> Composed | None:
    try:
        return await house.imaging.check(data)
    except BadPicture as error:
        log.warning("picture not usable", call=raw.call.id, index=raw.index, error=str(error))
        return None


async def _store(house: House, job: Job, raw: _Raw, picture: Composed, number: int) -> Picture:
    key = f"jobs/{job.id}/{number}"
    await house.pictures.put(key, picture.data, picture.mime)
    size = len(picture.data)
    return Picture(key, picture.mime, picture.width, picture.height, size, raw.seed, raw.source_id, raw.call.id, raw.index)


def limit_of(chat: Chat, job: Job) -> int:
    """Bytes that one picture may have in this message: the smaller of the chat's and the place's limit."""
    return min(chat.limits.picture_bytes, job.place.upload_limit or chat.limits.picture_bytes)


async def compose(house: House, job: Job, tiles: Sequence[bytes], limit: int | None = None) -> Picture:
    """What the message shows: the grid of several, or the one itself, under the limit; kept beside the tiles."""
    chat = house.chats[job.actor.platform]
    most = limit or limit_of(chat, job)
    made = (
        await house.imaging.grid(tiles, most)
        if len(tiles) > 1
        else await house.imaging.fit(tiles[0], most, chat.limits.formats)
    )
    key = f"jobs/{job.id}/shown-{len(made.data)}"
    await house.pictures.put(key, made.data, made.mime)
    return Picture(key, made.mime, made.width, made.height, len(made.data))

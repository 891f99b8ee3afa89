"""What is kept about a user: said, handed over as a file, deleted. Everybody may, everywhere, in DMs too."""

from __future__ import annotations

import asyncio
import secrets

import structlog

from bot.desk.zipped import pack
from bot.jobs.asks import Answer, Ask, Command, Press, Private, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.surface import Button, Card, Download, Style, Tone
from bot.policy.records import Entry, What
from bot.texts import answers
from bot.texts import privacy as texts

log = structlog.get_logger()
MOST_BYTES = 100 * 2**20
"""Of one file: it is put together in memory, one at a time."""
SHARE = 0.95
"""Of a place's attachment limit: room for the message around the file."""
MIME = "application/zip"
PREFIX = "privacy"
"""Files under it are swept after a day."""
PACK_PAUSE, ERASE_PAUSE = 600.0, 60.0
"""Seconds between two files, and between two erasings, of one person: both read or write all that there is of them."""
_packing = asyncio.Semaphore(1)
PATIENCE = 60.0
"""Seconds that one waits for another's file to be packed."""


async def command(house: House, asked: Command) -> Answer:
    """`/imagine-privacy`."""
    return Private(await _page(house, asked.ask))


async def press(house: House, asked: Press, control: Control) -> Answer:
    """The buttons of the pages here; they hold no id, so nobody reaches another's data."""
    match control.job:
        case "":
            return Update(await _page(house, asked.ask))
        case "file":
            return await _hand_over(house, asked.ask)
        case "delete":
            return Update(_sure())
        case "erase":
            return await _erase(house, asked.ask)
    return say(answers.UNKNOWN_JOB)


async def _page(house: House, ask: Ask) -> Card:
    community = await house.policy.community(ask.place.community)
    facts = (
        (texts.PROMPTS, texts.kept_for(community.retain_prompts or house.retain_days)),
        (texts.PICTURES, texts.kept_for(community.retain_pictures or house.retain_days)),
    )
    buttons = (
        Button(str(Control("privacy", "file")), texts.SEND, Style.PRIMARY),
        Button(str(Control("privacy", "delete")), texts.DELETE, Style.DANGER),
    )
    lines = (*texts.KEPT, texts.PROVIDER)
    return Card(Tone.DONE, title=texts.TITLE, lines=lines, facts=facts, rows=(buttons,), private=True)


def _sure() -> Card:
    buttons = (
        Button(str(Control("privacy", "erase")), texts.SURE, Style.DANGER),
        Button(str(Control("privacy")), texts.BACK),
    )
    return Card(Tone.WAITING, title=texts.ASK_TITLE, lines=texts.ASK, rows=(buttons,), private=True)


async def _hand_over(house: House, ask: Ask) -> Answer:
    if left := house.pauses.left("file", ask.actor.key, PACK_PAUSE):
        return say(texts.too_soon(left))
    try:
        return await _packed(house, ask)
    except BaseException:
        house.pauses.forget("file", ask.actor.key)
        raise


async def _packed(house: House, ask: Ask) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE):
            await _packing.acquire()
    except TimeoutError:
        house.pauses.forget("file", ask.actor.key)
        return say(texts.BUSY)
    try:
        kept = await house.policy.kept(ask.actor.key)
        limit = ask.place.upload_limit
        most = MOST_BYTES if limit is None else min(MOST_BYTES, int(limit * SHARE))
        parcel = await pack(kept, house.pictures, most)
        key = f"{PREFIX}/{secrets.token_hex(16)}.zip"
        await house.pictures.put(key, parcel.data, MIME)
    finally:
        _packing.release()
    lines = (texts.FILE, *((texts.too_many(parcel.left_out),) if parcel.left_out else ()), texts.FILE_SWEPT)
    file = Download(key, texts.FILE_NAME, MIME)
    return Private(Card(Tone.DONE, title=texts.FILE_TITLE, lines=lines, private=True, files=(file,)))


async def _erase(house: House, ask: Ask) -> Answer:
    """Rows first, in one transaction; the due rows tell the engine to take messages away, and what it must stop."""
    key = ask.actor.key
    if left := house.pauses.left("erase", key, ERASE_PAUSE):
        return say(texts.too_soon(left))
    entry = Entry(ask.place.community, What.ERASED, actor=key, name=ask.actor.name, subject=key)
    gone = await house.policy.erase(key, entry, house.clock())
    await house.pictures.delete(gone)
    house.noticed.set()
    log.info("a user was erased", pictures=len(gone))
    return Update(Card(Tone.DONE, title=texts.ERASED_TITLE, lines=texts.ERASED, private=True))

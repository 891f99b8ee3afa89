"""Usage for moderators; all about oneself as a file, and deleted: from rows, files and the chat, not from the books."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from bot.desk.privacy import ERASE_PAUSE
from bot.policy.records import Block, Entry, What
from bot.texts import privacy as texts
from bot.texts import usage
from tests.fakes.discord import Message
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.guild_desk import Desk, facts, open_desk
from tests.scenarios.discord.server import WITHIN, opened, private

PROMPT, SAID = "a very private walrus", "I dislike whiskers"


async def test_usage_and_privacy(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await desk.set(log_channel=str(desk.log.id), daily=4)
        shown = await with_traces(desk)
        await usage_page(desk)
        await handed_over(desk)
        await erased(desk, shown)
        await still_counted(desk)
    left = traces(tmp_path, str(desk.server.ann.id), PROMPT, SAID)
    assert left == [], left


async def with_traces(desk: Desk) -> Message:
    """A picture, settings, a report, a style, a refusal and a block: whatever is kept about somebody."""
    server = desk.server
    await server.drawn("bob's own", user=server.bob)
    shown = await server.drawn(PROMPT)
    theirs = next(one for one in desk.fake.messages_in(server.art) if "bob's own" in one.text)
    report = desk.fake.use_on(server.ann, server.art, "Report picture", theirs)
    await private(await desk.fill(server.ann, report, reason=SAID))
    pages = await server.command("settings")
    await server.press(pages, "Ping me when done")
    await desk.refused(await server.imagine(f"{PROMPT} again"), "of your 4 for today")
    held = Block(f"discord:{server.ann.id}", None, "", f"discord:{desk.mo.id}")
    await server.bot.house.policy.put_block("discord:elsewhere", held, Entry("discord:elsewhere", What.BLOCKED))
    await desk.card(desk.log, "reported", "ann")
    await desk.card(desk.team, SAID)
    return shown


async def usage_page(desk: Desk) -> None:
    page = await desk.admin("usage")
    assert page.viewer is desk.ada
    assert opened(page).width > 400
    assert "8 pictures of 2 jobs, 0.0800 USD, 0.0100 USD a picture" in facts(page)
    await desk.press(desk.ada, page, usage.BY["user"])
    await desk.turned(page, lambda text: "bob (" in text and "ann (" in text)
    await desk.press(desk.ada, page, usage.BY["provider"])
    await desk.turned(page, lambda text: "fake:" in text)
    assert opened(page)


async def handed_over(desk: Desk) -> None:
    server = desk.server
    page = await server.command("imagine-privacy")
    pressed = await server.press(page, texts.SEND)

    def sent() -> Message | None:
        """The answer, or a follow-up: where it takes longer, the pressed page itself is the message meanwhile."""
        return next((one for one in [*pressed.followups, pressed.message] if one and one.attachments), None)

    told = await pressed.until(sent, WITHIN)
    assert told is not None
    assert told.ephemeral
    [file] = told.attachments
    with zipfile.ZipFile(io.BytesIO(file.data)) as packed:
        names = packed.namelist()
        tables = json.loads(packed.read("data.json"))
        assert PROMPT in packed.read("index.html").decode()
    assert {"index.html", "data.json"} < set(names)
    assert any(name.endswith(".jpg") for name in names)
    assert [job["request"]["prompt"] for job in tables["jobs"]] == [PROMPT]
    assert tables["settings"]
    assert tables["reports"]


async def erased(desk: Desk, shown: Message) -> None:
    """Asked twice; messages and pictures are gone, moderators' cards name nobody, others keep theirs."""
    server = desk.server
    page = await server.command("imagine-privacy")
    await server.press(page, texts.DELETE)
    await desk.turned(page, lambda text: texts.ASK_TITLE in text)
    assert not shown.deleted
    await server.press(page, texts.SURE)
    await desk.turned(page, lambda text: texts.ERASED_TITLE in text)
    await server.until(lambda: shown.deleted)
    for words in (PROMPT, SAID):
        await server.until(lambda words=words: not named(desk, words))  # type: ignore[misc]
    await server.until(lambda: not named(desk, "ann ("))
    theirs = next(one for one in desk.fake.messages_in(server.art) if "bob's own" in one.text)
    assert theirs.images


async def still_counted(desk: Desk) -> None:
    """Quota as before, and the block elsewhere under the key without a name."""
    server = desk.server
    assert "Left today:** 0 of 4" in facts(await server.command("info"))
    await desk.refused(await server.imagine("once more"), "0 of your 4 for today are left")
    policy = server.bot.house.policy
    assert await policy.block_of("discord:elsewhere", f"discord:{server.ann.id}", server.clock()) is not None
    server.clock.ahead += ERASE_PAUSE
    page = await server.command("imagine-privacy")
    await server.press(page, texts.DELETE)
    await desk.turned(page, lambda text: texts.ASK_TITLE in text)
    await server.press(page, texts.SURE)
    await desk.turned(page, lambda text: texts.ERASED_TITLE in text)
    await server.until(lambda: not named(desk, "ann ("))
    await asyncio.to_thread(settle, server.folder / "imagine.db")


def named(desk: Desk, words: str) -> list[str]:
    """Public messages and moderators' cards that say this."""
    return [one.text for one in desk.fake.messages.values() if words in one.text and not one.deleted and not one.ephemeral]


def settle(path: Path) -> None:
    """Into one file what the write-ahead log holds."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma wal_checkpoint(truncate)")


def traces(folder: Path, *words: str) -> list[str]:
    """Every text in the database that has one of the words in it, and every other file's name and content."""
    found = []
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in database.execute(f'select * from "{table}"'):  # noqa: S608 - the schema's own names
                found += [f"{table}: {value}" for value in row if any(word in str(value) for word in words)]
    for file in folder.rglob("*"):
        if file.is_file() and "imagine.db" not in file.name:
            said = file.name.encode() + file.read_bytes()
            found += [str(file) for word in words if word.encode() in said]
    return found

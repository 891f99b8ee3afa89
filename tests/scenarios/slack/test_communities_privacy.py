"""What is kept about a member: handed over to them alone, and deleted so that nothing names them any more."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.fakes.slack import Message
from tests.scenarios.slack.community import control, staffed
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, words
from tests.support.wait import eventually

CAP = {"IMAGINE_DAILY_IMAGES": "12"}


def named(folder: Path, *needles: str) -> list[str]:
    """Where in the database and among the stored files one of these texts stands."""
    found = []
    with sqlite3.connect(next(folder.glob("*.db"))) as connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f'select * from "{table}"'):  # noqa: S608  (its own tables' names)
                found += [f"{table}: {row}" for needle in needles if needle in repr(row)]
    files = [path for path in (folder / "pictures").rglob("*") if path.is_file()]
    return found + [
        str(path) for path in files for needle in needles if needle in str(path) or needle.encode() in path.read_bytes()
    ]


def naming(messages: list[Message], alias: str) -> list[Message]:
    """Those that show who ann is."""
    return [message for message in messages if "ann (" in words(message) or alias in str(message.blocks)]


async def test_a_member_gets_their_data_and_has_it_deleted(opens: Open) -> None:
    desk = await staffed(opens, settings=CAP)
    slack, fake = desk.slack, desk.slack.fake
    await desk.set("place", moderators=[desk.mods])
    grid = await slack.drawn("my secret garden")
    other = await slack.drawn("a red fox", slack.bob)
    large = await slack.child(grid, "upscale", 2)
    await slack.drawn("a private wish", channel=fake.dm(slack.ann))
    person = await desk.page("admin user @ann", desk.mia)
    await desk.filled(person, control(person, "person", 1), desk.mia, hours="0", reason="Not like this")
    await desk.filled(person, control(person, "person", 5), desk.mia, daily="10")
    await desk.refused("a third garden", "Not like this")

    page = await desk.page("privacy", slack.ann)
    assert "What is kept about you" in words(page)
    before = [message.ts for message in fake.messages(slack.art)]
    await desk.press(page, "i1:privacy:file:0", user=slack.ann)
    told = await slack.said()
    assert "imagine-data.zip: sent to you as a direct message" in words(told)
    (file,) = [one for one in fake.files.values() if one.name == "imagine-data.zip"]
    assert [message.ts for message in fake.messages(slack.art)] == before
    assert [one for one in fake.messages(fake.dm(slack.ann)) if file in one.files], "and nowhere else"
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        data = json.loads(archive.read("data.json"))
        pictures = [name for name in archive.namelist() if name.endswith((".jpg", ".png"))]
    prompts = [job["request"]["prompt"] for job in data["jobs"]]
    assert prompts == ["my secret garden", "my secret garden", "a private wish"]
    assert len(pictures) == 5, "this provider's pictures are the same every time, and the same stands once"
    assert "a red fox" not in json.dumps(data)

    alias = control(person, "person", 2).split(":")[2]
    keys = [picture.key for message in (grid, large) for picture in (await slack.job(message)).pictures]
    assert named(slack.folder, slack.ann.id), "the search finds what is there"
    await desk.told()
    assert naming(fake.messages(desk.log), alias), "the log names her"
    await desk.turn(page, "i1:privacy:delete:0", user=slack.ann)
    assert "Delete everything about you?" in words(page)
    await desk.turn(page, "i1:privacy:erase:0", user=slack.ann)
    assert "Your data is deleted" in words(page)
    await fake.until(lambda: grid.deleted and large.deleted, WITHIN)
    assert not other.deleted

    async def over() -> bool:
        return all(job.told for job in await slack.bot.store.jobs((), 10))

    await eventually(over, WITHIN)
    for key in keys:
        with pytest.raises(KeyError):
            await slack.bot.house.pictures.get(key)
    await fake.until(lambda: not naming(fake.messages(desk.log), alias), WITHIN)
    await slack.stop()
    assert not named(slack.folder, slack.ann.id, alias, "secret garden", "private wish")
    await slack.start()
    said = words(await desk.page("another garden", slack.ann))
    assert "You are blocked" in said, "deleting lifts no block"
    assert "1 of 10 pictures" in words(await desk.page("info", slack.ann)), "nor does it bring back quota"

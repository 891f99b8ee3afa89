"""What is counted and what is kept of people: the usage page, everybody's data as a file, and erasing it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from sqlalchemy import text

from bot.policy.records import What
from bot.texts import privacy as texts
from tests.scenarios.playground.people import Message, Person, Town, labels, town, words


async def test_usage_and_privacy(tmp_path: Path) -> None:
    async with town(tmp_path, {"IMAGINE_DAILY_IMAGES": "8"}) as here:
        zoe = Person(here, "Zoe")
        await here.robin.sets("review", log_channel="moderators")
        first = await zoe.draws("/imagine the secret garden of Zoe")
        await here.kim.draws("/imagine a fence")
        await counted(here)
        await handed_over(here, zoe)
        await here.robin.fills(
            page := await here.robin.asks("/imagine-admin user Zoe"),
            await here.robin.press(page, "Block"),
            hours="0",
            reason="too many gardens",
        )
        await erased(here, zoe, first)


async def counted(here: Town) -> None:
    page = await here.robin.asks("/imagine-admin usage")
    assert page["private"]
    assert "8 pictures of 2 jobs, 0.0800 USD, 0.0100 USD a picture" in words(page)
    chart = await here.robin.picture(page)
    assert (chart.status_code, chart.headers["content-type"]) == (200, "image/png")
    assert (await here.max.picture(page)).status_code == 404
    page = await here.robin.turns(page, "By person")
    assert "Zoe (" in words(page)
    assert "4 pictures of 1 job, 0.0400 USD" in words(page)
    page = await here.robin.turns(page, "By provider")
    assert "fake: 8 pictures of 2 jobs" in words(page)


async def handed_over(here: Town, zoe: Person) -> None:
    page = await zoe.asks("/privacy")
    assert labels(page) == [texts.SEND, texts.DELETE]
    file = (await zoe.press(page, texts.SEND))["message"]
    got = await zoe.picture(file)
    assert (await here.robin.picture(file)).status_code == 404, "not even a moderator gets it"
    with zipfile.ZipFile(io.BytesIO(got.content)) as parcel:
        data = json.loads(parcel.read("data.json"))
        assert "the secret garden of Zoe" in json.dumps(data)
        assert "a fence" not in json.dumps(data)
        assert "the secret garden of Zoe" in parcel.read("index.html").decode()
        assert len([name for name in parcel.namelist() if name.endswith((".jpg", ".jpeg", ".png"))]) >= 4


async def erased(here: Town, zoe: Person, first: Message) -> None:
    page = await zoe.turns(await zoe.asks("/privacy"), texts.DELETE)
    answer = (await zoe.press(page, texts.SURE))["message"]
    assert texts.ERASED_TITLE in words(answer)
    assert [words(one) for one in await zoe.reads() if one["private"]] == [words(answer)], "earlier answers are gone"
    await here.gone(first, first["card"]["pictures"][0]["picture"]["key"])
    await here.robin.sees("erased", channel="moderators")
    assert "secret garden" not in "".join([words(one) for one in await here.robin.reads("moderators")])
    assert await left_of(here, "secret garden", "Zoe", "zoe", but=answer["id"]) == []
    assert await zoe.used() == 4, "deleting brings no quota back"
    await zoe.refused(await zoe.says("/imagine again"), "You are blocked", "too many gardens")
    assert len(await here.entries(What.ERASED)) == 1


async def left_of(here: Town, *traces: str, but: str) -> list[tuple[str, str]]:
    """Tables whose rows still hold one of these, and files of the picture store whose bytes do.

    `but`: the answer that says so, which only the erased person can see.
    """
    found = []
    async with here.bot.db.read() as connection:
        tables = (await connection.execute(text("select name from sqlite_master where type = 'table'"))).scalars().all()
        for table in tables:
            rows = (await connection.execute(text(f'select * from "{table}"'))).all()  # noqa: S608  (names of our tables)
            found += [(table, trace) for trace in traces for row in rows if trace in str(tuple(row)) and row[0] != but]
    files = [file for file in (here.bot.settings.imagine_data_dir / "pictures").rglob("*") if file.is_file()]
    return found + [(file.name, trace) for file in files for trace in traces if trace.encode() in file.read_bytes()]

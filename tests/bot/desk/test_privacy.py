"""What a user gets of what is kept about them, and how they are forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.desk import privacy
from bot.errors import PicturesUnavailable
from bot.jobs.asks import Answer, Command, Press, Private, Update
from bot.jobs.controls import read_control
from bot.jobs.model import Job
from bot.jobs.surface import Button, Card
from bot.policy.community import Community
from bot.policy.records import Entry, Override, What
from bot.texts import privacy as texts
from storage.anonymous import anon
from tests.support.core import Core, running_core
from tests.support.wait import eventually

HERE = "playground:guild"


async def press(core: Core, control: str, user: str = "ann", **place: Any) -> Answer:
    """As the door does it."""
    read, ask = read_control(control), core.ask(user)
    assert read is not None
    return await privacy.press(core.house, Press(replace(ask, place=replace(ask.place, **place)), control), read)


def card_of(answer: Answer) -> Card:
    assert isinstance(answer, Private | Update)
    return answer.card


def controls(card: Card) -> list[str]:
    return [button.control for row in card.rows for button in row if isinstance(button, Button)]


async def packed(core: Core, card: Card) -> zipfile.ZipFile:
    (file,) = card.files
    return zipfile.ZipFile(io.BytesIO(await core.pictures.get(file.key)))


async def test_the_page_says_what_is_kept_and_how_long(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        asked = Command(core.ask(), "imagine-privacy")
        card = card_of(await privacy.command(core.house, asked))
        assert card.private
        assert dict(card.facts) == {texts.PROMPTS: texts.FOR_EVER, texts.PICTURES: texts.FOR_EVER}
        assert controls(card) == ["i1:privacy:file:0", "i1:privacy:delete:0"]
        core.house.retain_days = 90
        await core.house.policy.save_community(HERE, Community(retain_prompts=1), Entry(HERE, What.SETTING))
        facts = dict(card_of(await privacy.command(core.house, asked)).facts)
        assert facts == {texts.PROMPTS: "1 day", texts.PICTURES: "90 days"}
        alone = replace(asked, ask=replace(asked.ask, place=replace(asked.ask.place, community_id="")))
        assert dict(card_of(await privacy.command(core.house, alone)).facts)[texts.PROMPTS] == "90 days"


async def test_a_user_gets_tables_an_index_and_their_pictures_alone(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        mine, others = await core.drawn("a red fox <b>"), await core.drawn("a secret owl", "bob")
        card = card_of(await press(core, "i1:privacy:file:0", community_id=""))
        assert card.private
        file = await packed(core, card)
        tables = json.loads(file.read("data.json"))
        assert [row["id"] for row in tables["jobs"]] == [mine.id]
        index = file.read("index.html").decode()
        assert "a red fox &lt;b&gt;" in index
        pictures = [name for name in file.namelist() if name.startswith("pictures/")]
        keys = {picture.key for picture in mine.pictures} | {mine.shown.key if mine.shown else ""}
        assert len(pictures) == len(keys) == 5
        assert all(name in index and name.endswith((".png", ".jpg")) for name in pictures)
        everything = b"".join(file.read(name) for name in file.namelist())
        assert b"owl" not in everything
        assert others.id.encode() not in everything


async def test_what_is_too_much_for_the_place_is_left_out_and_listed(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a red fox")
        assert job.shown is not None
        await core.pictures.put(job.shown.key, b"\xff\xd8\xff" + bytes(200_000), "image/jpeg")
        limit = 100_000
        card = card_of(await press(core, "i1:privacy:file:0", upload_limit=limit))
        assert texts.too_many(1) in card.lines
        (file,) = card.files
        assert len(await core.pictures.get(file.key)) <= limit
        index = (await packed(core, card)).read("index.html").decode()
        assert texts.LEFT_OUT in index
        assert job.shown.key in index
        assert "data.json" in (await packed(core, card)).namelist()


@pytest.mark.parametrize(("name", "pause"), [("file", privacy.PACK_PAUSE), ("erase", privacy.ERASE_PAUSE)])
async def test_heavy_work_is_once_in_a_while_for_each_person(tmp_path: Path, name: str, pause: float) -> None:
    """A flood of presses packs or erases once; others need not wait for it; a clock set back locks nobody out."""
    control = f"i1:privacy:{name}:0"
    async with running_core(tmp_path, started=False) as core:
        flood = [await press(core, control) for _ in range(5)]
        assert [isinstance(one, Private) and one.refused for one in flood] == [False, True, True, True, True]
        assert "Try again in" in card_of(flood[1]).lines[0]
        assert len([key for key in core.pictures.kept if key.startswith("privacy/")]) == (name == "file")
        erased = [one for one in await core.house.policy.entries(HERE) if one.what is What.ERASED]
        assert len(erased) == (name == "erase")
        assert not card_of(await press(core, control, "bob")).lines[0].startswith("You have done")
        core.clock.ahead += pause
        assert not card_of(await press(core, control)).lines[0].startswith("You have done")
        core.clock.ahead -= 100_000
        assert "Try again in" in card_of(await press(core, control)).lines[0]


async def unavailable(*_: object) -> None:
    raise PicturesUnavailable("gone")


async def test_a_file_that_could_not_be_kept_may_be_asked_for_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_core(tmp_path, started=False) as core:
        with monkeypatch.context() as away:
            away.setattr(core.pictures, "put", unavailable)
            with pytest.raises(PicturesUnavailable):
                await press(core, "i1:privacy:file:0")
        assert card_of(await press(core, "i1:privacy:file:0")).files


async def test_deleting_is_asked_twice_and_can_be_left(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a red fox")
        sure = await press(core, "i1:privacy:delete:0")
        assert isinstance(sure, Update)
        assert controls(sure.card) == ["i1:privacy:erase:0", "i1:privacy::0"]
        back = await press(core, controls(sure.card)[1])
        assert card_of(back).title == texts.TITLE
        assert (await core.job(job.id)).request.prompt == "a red fox"


async def test_a_user_is_forgotten_with_messages_and_pictures(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        mine, others = await core.drawn("a red fox"), await core.drawn("an owl", "bob")
        waits = await core.accepted("a slow fox")
        await core.ended(waits)
        alias = await core.house.policy.alias("playground:ann")
        limited = Entry(HERE, What.LIMITED, subject="playground:ann")
        await core.house.policy.put_override(HERE, "playground:ann", Override(daily=5), limited)
        card = card_of(await press(core, "i1:privacy:erase:0"))
        assert card.title == texts.ERASED_TITLE
        assert core.house.noticed.is_set()

        async def gone() -> bool:
            return not any(key.startswith(f"jobs/{mine.id}") for key in core.pictures.kept) and mine.id in core.chat.deleted

        assert await eventually(gone)
        assert f"m-{mine.id}" not in core.chat.messages
        assert f"m-{others.id}" in core.chat.messages
        assert await told(core, mine)
        assert await core.house.policy.user_of(alias) is None
        assert (await core.house.policy.used_by("playground:ann", core.clock())).day == 8
        assert await core.house.policy.override_of(HERE, "playground:ann") == Override(daily=5)
        (entry,) = [one for one in await core.house.policy.entries(HERE) if one.what is What.ERASED]
        assert (entry.actor, entry.name) == (anon("playground:ann", "secret"), "")
        assert (await core.job(others.id)).request.prompt == "an owl"


async def told(core: Core, job: Job) -> bool:
    async def forgotten() -> bool:
        row = await core.job(job.id)
        return row.told and row.message is None and row.request.prompt == ""

    return bool(await eventually(forgotten))


@pytest.mark.parametrize("control", ["i1:privacy:other:0", "i1:privacy:file_bob:0"])
async def test_no_control_reaches_anything_else(tmp_path: Path, control: str) -> None:
    async with running_core(tmp_path, started=False) as core:
        answer = await press(core, control)
        assert isinstance(answer, Private)
        assert answer.refused

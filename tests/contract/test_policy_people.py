"""What every PolicyStore promises a user: a pseudonym, a copy of everything kept, and to be forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.jobs.model import JobState, Picture
from bot.jobs.place import MessageRef, Reply
from bot.jobs.ports import UserSettings
from bot.playground.ports import Message
from bot.policy.records import Block, Cause, HouseStyle, Override, Period, Report, What
from storage.anonymous import anon
from storage.db import Database
from storage.messages import SqlMessages
from storage.rows import MESSAGE, PICTURE, PICTURES, REPLY, dump
from storage.schema import SCHEMA
from storage.settings import SqlSettings
from tests.support.policy import ANN, BOB, HERE, NOW, SECRET, Desk, desk_on, entry

ANNS = anon(ANN, SECRET)
MOD = "playground:mod"
POSTED = MessageRef("log", "card")


@pytest.fixture
async def desk(tmp_path: Path, backend: str) -> AsyncIterator[Desk]:
    async with desk_on(tmp_path) as opened:
        yield opened


async def everything(db: Database) -> list[str]:
    """Every row of every table."""
    async with db.read() as connection:
        return [str(row) for table in SCHEMA.sorted_tables for row in await connection.execute(select(table))]


def picture(key: str) -> Picture:
    return Picture(key, "image/png", 1, 1, 1)


async def delivered(desk: Desk, user: str = "ann", name: str = "a") -> str:
    """A job with pictures that stands in the chat."""
    columns = {"pictures": dump(PICTURES, (picture(f"{name}/0"),)), "shown": dump(PICTURE, picture(f"{name}/grid"))}
    columns |= {"message": dump(MESSAGE, MessageRef("hall", name)), "reply": dump(REPLY, Reply("token", NOW))}
    return (await desk.job(user, JobState.DELIVERED, told=True, due_at=None, alias="0" * 16, **columns)).id


async def lived(desk: Desk) -> str:
    """Ann has used everything."""
    job_id = await delivered(desk)
    await desk.policy.alias(ANN)
    await SqlSettings(desk.db).save_user_settings(ANN, UserSettings(style="noir"))
    board = SqlMessages(desk.db)
    for number, (author, seen) in enumerate((("ann", ""), ("", "ann"), ("bob", ""))):
        await board.add(Message(f"m{number}", NOW, author, seen, json.dumps({"title": f"a fox {number}"})))
    await desk.policy.put_style(HERE, HouseStyle("ink", by=ANN), entry(What.STYLE, actor=ANN, name="Ann", text="ink added"))
    await desk.policy.put_override(HERE, ANN, Override(daily=5), entry(What.LIMITED, actor=MOD, subject=ANN, text="Ann: 5"))
    await desk.policy.put_block(HERE, Block(ANN, None, "spam", MOD), entry(What.BLOCKED, actor=MOD, name="Mo", subject=ANN))
    await desk.policy.ask(HERE, job_id, Cause.PICTURE, "a fox", entry(What.FLAGGED, subject=ANN, text="a fox"))
    await desk.policy.report(Report(await delivered(desk, "bob", "b"), ANN, "bad"), HERE, 3, entry(What.REPORTED, actor=ANN))
    return job_id


async def erased(desk: Desk) -> list[str]:
    wish = entry(What.ERASED, actor=ANN, name="Ann", subject=ANN)
    return list(await desk.policy.erase(ANN, wish, NOW + 5))


async def test_a_pseudonym_is_random_and_kept(desk: Desk) -> None:
    names = await asyncio.gather(*(desk.policy.alias(ANN) for _ in range(5)))
    assert len(set(names)) == 1
    assert len(bytes.fromhex(names[0])) == 8
    assert await desk.policy.alias(BOB) != names[0]
    assert await desk.policy.user_of(names[0]) == ANN
    assert await desk.policy.user_of("f" * 16) is None


async def test_everything_kept_about_a_user_can_be_written_as_a_file(desk: Desk) -> None:
    job_id = await lived(desk)
    kept = await desk.policy.kept(ANN)
    assert all(rows or table == "calls" for table, rows in kept.tables.items())
    assert kept.tables["jobs"][0]["id"] == job_id
    assert [row["id"] for row in kept.tables["messages"]] == ["m0", "m1"]
    assert kept.pictures == ("a/0", "a/grid")
    text = json.dumps(kept.tables)
    assert "a fox" in text
    assert "token" not in text
    assert MOD not in text
    assert "Mo" not in text
    assert all(rows == [] for rows in (await desk.policy.kept("playground:cem")).tables.values())


async def test_an_erased_user_is_named_nowhere_once_the_chats_are_told(desk: Desk, tmp_path: Path) -> None:
    job_id = await lived(desk)
    assert await erased(desk) == ["a/0", "a/grid"]
    row = await desk.row(job_id)
    assert (row.deleted, row.told, row.due_at, row.message) == (True, False, NOW + 5, MessageRef("hall", "a"))
    assert (row.reply, row.place.channel_id, row.request.prompt) == (Reply("token", NOW), "hall", "")
    held = await desk.store.claim(job_id, "lease", NOW + 5, NOW + 35)
    assert held is not None
    assert (await desk.store.tell(held, None)).told
    assert (await desk.row(job_id)).message is None
    dumped = [line for line in await everything(desk.db) if "bob" not in line]
    assert dumped
    words = ("playground:ann", '"ann"', "'ann'", "Ann", "a fox", "token", "noir", "0000000000000000")
    assert [(word, line) for word in words for line in dumped if word in line] == []
    assert all(rows == [] for name, rows in (await desk.policy.kept(ANN)).tables.items() if name not in {
        "jobs", "units", "blocks", "limits", "log", "reviews"
    })  # fmt: skip


async def test_a_job_that_ends_after_its_user_was_erased_is_forgotten_with_its_message(desk: Desk) -> None:
    job = await desk.job("ann", JobState.RUNNING, message=dump(MESSAGE, POSTED))
    await erased(desk)
    held = await desk.store.claim(job.id, "lease", NOW + 5, NOW + 35)
    assert held is not None
    assert held.message == POSTED
    await desk.store.end(held, JobState.CANCELLED, NOW + 6, settle=0)
    assert (await desk.row(job.id)).message == POSTED, "it is still to be taken away"
    held = await desk.store.claim(job.id, "lease", NOW + 7, NOW + 37)
    assert held is not None
    await desk.store.tell(held, None)
    row = await desk.row(job.id)
    assert (row.message, row.place.channel_id, row.told) == (None, "", True)


async def test_erasing_resets_no_quota_and_lifts_no_block(desk: Desk) -> None:
    await lived(desk)
    for _ in range(2):
        await erased(desk)
        assert await desk.policy.used_by(ANN, NOW) == Period(4, 4)
        assert await desk.policy.block_of(HERE, ANN, NOW) == Block(ANNS, None, "spam", MOD)
        assert await desk.policy.delivered(HERE, ANN, 9) == 1
        assert await desk.policy.last_accepted(HERE, ANN) == NOW
    await desk.job(units=3)
    await desk.policy.put_block(HERE, Block(ANN, NOW + 90, "again", MOD), entry(What.BLOCKED))
    await erased(desk)
    assert await desk.policy.used_by(ANN, NOW) == Period(7, 7)
    assert await desk.policy.blocks(HERE, NOW) == [Block(ANNS, NOW + 90, "again", MOD)]
    assert await desk.policy.lift_block(HERE, ANN, entry(What.UNBLOCKED))
    assert (await desk.store.standing(ANN, NOW)).used == 7


async def test_erasing_lifts_no_limit_that_a_moderator_set(desk: Desk) -> None:
    await lived(desk)
    for _ in range(2):
        await erased(desk)
        assert await desk.policy.override_of(HERE, ANN) == Override(daily=5)
        assert await desk.policy.override_of(HERE, BOB) == Override()
    await desk.policy.put_override(HERE, ANN, Override(daily=9), entry(What.LIMITED))
    assert await desk.policy.override_of(HERE, ANN) == Override(daily=9)
    await erased(desk)
    assert await desk.policy.override_of(HERE, ANN) == Override(daily=9)
    assert (await desk.policy.kept(ANN)).tables["limits"] == [
        {"community": HERE, "user_key": ANNS, "daily": 9, "monthly": None}
    ]


async def test_the_pseudonym_after_an_erasing_is_another(desk: Desk) -> None:
    old = await desk.policy.alias(ANN)
    await erased(desk)
    assert await desk.policy.user_of(old) is None
    assert await desk.policy.alias(ANN) != old


async def test_open_jobs_are_cancelled_and_their_reviews_withdrawn(desk: Desk) -> None:
    job = await desk.job(state=JobState.HELD, hold="prompt")
    review = await desk.policy.ask(HERE, job.id, Cause.PROMPT, "a fox", entry(What.HELD))
    (notice,) = await desk.policy.due_notices(NOW)
    await desk.policy.posted(notice, POSTED, NOW)
    await erased(desk)
    row, after = await desk.row(job.id), await desk.policy.review(review.id)
    assert (row.cancel_requested, row.deleted, row.state, row.due_at) == (True, True, JobState.HELD, NOW + 5)
    assert after == replace(review, text="", decided="withdrawn")
    assert [one.message for one in await desk.policy.due_notices(NOW + 5)] == [POSTED]


async def test_the_log_keeps_what_happened_without_the_name(desk: Desk) -> None:
    await desk.logs()
    await desk.policy.record(entry(What.BLOCKED, actor=MOD, name="Mo", subject=ANN, text="Ann spams"))
    await desk.policy.record(entry(What.REFUSED, actor=ANN, name="Ann", text="a fox"))
    await desk.policy.record(entry(What.UNBLOCKED, actor=ANN, name="Ann", subject=BOB, text="Bob is good"))
    for notice in await desk.policy.due_notices(NOW):
        await desk.policy.posted(notice, POSTED, NOW)
    await erased(desk)
    gone, decided, refused, blocked = (await desk.policy.entries(HERE))[:4]
    assert (gone.what, gone.actor, gone.name, gone.subject) == (What.ERASED, ANNS, "", ANNS)
    assert (decided.actor, decided.name, decided.subject, decided.text) == (ANNS, "", BOB, "Bob is good")
    assert (refused.actor, refused.name, refused.text) == (ANNS, "", "")
    assert (blocked.actor, blocked.name, blocked.subject, blocked.text) == (MOD, "Mo", ANNS, "")
    changed = {gone.id, decided.id, refused.id, blocked.id}
    assert {one.subject for one in await desk.policy.due_notices(NOW + 5)} == changed
    assert [one.id for one in await desk.policy.entries(HERE, subject=ANN)] == [gone.id, decided.id, refused.id, blocked.id]


async def test_pictures_that_a_running_job_draws_from_are_left_to_the_engine(desk: Desk) -> None:
    parent = await delivered(desk)
    child = await desk.job("bob", JobState.RUNNING, parent=parent)
    assert await erased(desk) == []
    assert (await desk.row(parent)).pictures == (picture("a/0"),)
    assert not (await desk.row(child.id)).deleted


async def test_open_pages_of_the_playground_learn_what_is_gone(desk: Desk) -> None:
    await lived(desk)
    board = SqlMessages(desk.db)
    before = await board.counter()
    await erased(desk)
    changed = await board.since(before, "bob", 10)
    assert [(one.id, one.updated, one.deleted, one.card) for one in changed] == [
        ("m0", before + 1, True, ""),
        ("m1", before + 2, True, ""),
    ]


async def test_others_are_left_alone(desk: Desk) -> None:
    await lived(desk)
    before = await desk.policy.kept(BOB)
    await erased(desk)
    assert await desk.policy.kept(BOB) == before
    assert before.tables["jobs"]

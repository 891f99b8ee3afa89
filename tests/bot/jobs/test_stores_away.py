"""A store that is full, locked, read-only or away: jobs wait and finish, nothing is paid twice, new asks cost nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

import storage.db
from bot.errors import PicturesUnavailable
from bot.jobs.asks import Attachment, Imagine, Private
from bot.jobs.model import Job, JobState
from bot.jobs.place import MessageRef
from bot.jobs.surface import Card
from bot.texts import answers
from providers.base import DrawRequest, Submitted
from providers.capabilities import Capabilities
from storage.tables import ledger
from tests.fakes.away import FULL, READ_ONLY, AwayPictures, failing
from tests.fakes.chat import FakeChat
from tests.fakes.provider import ScriptedProvider, picture
from tests.support.core import ASYNC, Core, running_core
from tests.support.wait import eventually

BLOCKING = replace(ASYNC, asynchronous=False, webhook=False, lookup=False)
PER_PICTURE = replace(BLOCKING, per_call=1)


class Gate(ScriptedProvider):
    """Takes the money, and answers when the test says so."""

    asked: asyncio.Event
    answers: asyncio.Event

    @classmethod
    def of(cls, capabilities: Capabilities = BLOCKING) -> Gate:
        gate = cls(capabilities)
        gate.asked, gate.answers = asyncio.Event(), asyncio.Event()
        return gate

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        taken = await super().submit(request, key, webhook_url)
        self.asked.set()
        await self.answers.wait()
        return taken


async def books_agree(core: Core, *jobs: Job) -> None:
    """One reserve and one settle a job, and what was delivered is what was charged."""
    async with core.db.read() as connection:
        units = (await connection.execute(select(func.sum(ledger.c.units)))).scalar_one()
        lines = (await connection.execute(select(func.count()).select_from(ledger))).scalar_one()
    assert (units, lines) == (sum(len(job.pictures) for job in jobs), 2 * len(jobs))


@pytest.mark.parametrize("capabilities", [BLOCKING, PER_PICTURE, ASYNC], ids=["bytes at once", "four calls", "later"])
async def test_pictures_that_cannot_be_kept_are_held_until_they_can(tmp_path: Path, capabilities: Capabilities) -> None:
    """The vendor sends them once; a provider without look-up could never be asked again."""
    pictures, gate = AwayPictures(), Gate.of(capabilities)
    async with running_core(tmp_path, provider=gate, pictures=pictures) as core:
        job_id = await core.accepted()
        await gate.asked.wait()
        pictures.away = True
        gate.answers.set()
        async with asyncio.timeout(10):
            await pictures.tried.wait()
        assert (await core.job(job_id)).state.open
        pictures.away = False
        job = await core.ended(job_id)
        assert (job.state, len(job.pictures)) == (JobState.DELIVERED, 4)
        assert len(gate.paid) == 4 // gate.capabilities.per_call
        await books_agree(core, job)


@pytest.mark.parametrize("fault", [READ_ONLY, FULL], ids=["read-only", "disk full"])
@pytest.mark.parametrize("capabilities", [PER_PICTURE, ASYNC], ids=["bytes at once", "later"])
async def test_an_answer_that_the_database_does_not_take_is_held(
    tmp_path: Path, capabilities: Capabilities, fault: tuple[str, str]
) -> None:
    gate = Gate.of(capabilities)
    async with running_core(tmp_path, provider=gate) as core:
        await core.accepted()
        await gate.asked.wait()
        async with failing(core.db, fault):
            gate.answers.set()
            answer = await _until_refused(core)
            assert answer.card.lines == (answers.STORE_AWAY,)
            assert answer.refused
        jobs = [await core.ended(one.id) for one in await core.store.jobs([], 100)]
        assert {(job.state, len(job.pictures)) for job in jobs} == {(JobState.DELIVERED, 4)}
        assert sum(request.count for request in gate.paid.values()) == 4 * len(jobs)
        await books_agree(core, *jobs)


async def _until_refused(core: Core) -> Private:
    """A full file may have room for a row or two: those jobs are accepted, and go on like the others."""

    async def ask() -> Private | None:
        answer = await core.imagine("an owl", user="bob")
        return answer if isinstance(answer, Private) else None

    found = await eventually(ask)
    assert found is not None
    return found


async def test_a_lock_of_another_program_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than SQLite itself waits."""
    monkeypatch.setattr(storage.db, "BUSY_MS", 20)
    gate = Gate.of(PER_PICTURE)
    async with running_core(tmp_path, provider=gate) as core:
        job_id = await core.accepted()
        await gate.asked.wait()
        async with _locked(tmp_path / "bot.db"):
            gate.answers.set()
            assert (await _until_refused(core)).card.lines == (answers.STORE_AWAY,)
        job = await core.ended(job_id)
        assert (job.state, len(gate.paid)) == (JobState.DELIVERED, 4)
        await books_agree(core, job)


@asynccontextmanager
async def _locked(path: Path) -> AsyncIterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_an_input_picture_that_cannot_be_kept_is_a_private_refusal(tmp_path: Path) -> None:
    pictures = AwayPictures()

    async def read() -> bytes:
        return picture()

    async with running_core(tmp_path, pictures=pictures) as core:
        pictures.away = True
        file = Attachment("mine.jpg", 1000, read)
        answer = await core.service.imagine(Imagine(core.ask(), "like this", image=file))
        assert isinstance(answer, Private)
        assert (answer.refused, answer.card.lines) == (True, (answers.PICTURES_AWAY,))
        assert await core.store.jobs([], 10) == []
        assert (await core.store.standing("playground:ann", core.clock())).used == 0


class Showing(FakeChat):
    """A chat that reads the pictures which it shows, as the real ones do."""

    pictures: AwayPictures

    async def edit(self, job: Job, card: Card) -> MessageRef:
        for shown in card.pictures:
            await self.pictures.get(shown.picture.key)
        return await super().edit(job, card)


async def test_a_delivery_waits_for_the_pictures_as_long_as_it_takes(tmp_path: Path) -> None:
    """It is no attempt that counts: a chat's own faults end a job after some."""
    pictures, chat = AwayPictures(), Showing()
    chat.pictures = pictures
    async with running_core(tmp_path, pictures=pictures, chat=chat) as core:
        held = asyncio.Event()
        real = chat.edit

        async def away(job: Job, card: Card) -> MessageRef:
            if card.pictures and not held.is_set():
                pictures.away = True
            return await real(job, card)

        chat.edit = away  # type: ignore[method-assign]
        job_id = await core.accepted()
        for _ in range(3):
            pictures.tried.clear()
            async with asyncio.timeout(10):
                await pictures.tried.wait()
            core.engine.wake(job_id)
        assert (await core.job(job_id)).attempts == 0
        held.set()
        pictures.away = False
        core.engine.wake(job_id)
        assert (await core.ended(job_id)).state is JobState.DELIVERED


async def test_a_press_while_the_pictures_are_away_costs_nothing(tmp_path: Path) -> None:
    pictures = AwayPictures()
    async with running_core(tmp_path, pictures=pictures) as core:
        job = await core.drawn()
        pictures.away = True
        answer = await core.press(f"i1:upscale:{job.id}:1")
        assert isinstance(answer, Private)
        assert answer.card.lines == (answers.PICTURES_AWAY,)
        with pytest.raises(PicturesUnavailable):
            await core.pictures.has("x")
        pictures.away = False
        assert not isinstance(await core.press(f"i1:upscale:{job.id}:1"), Private)

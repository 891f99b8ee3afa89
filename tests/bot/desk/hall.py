"""A core with moderators: what the tests of reviews, reports and people press and type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.desk import logbook, moderating, persons, reports, reviewing
from bot.jobs import accepting
from bot.jobs.asks import Answer, Ask, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import read_control
from bot.jobs.model import Job, JobState
from bot.jobs.surface import Button, Card
from bot.policy.case import Hold
from bot.policy.community import Community
from bot.policy.records import Cause, Entry, Review, What
from tests.support.core import Core
from tests.support.wait import eventually

HERE = "playground:guild"
MODULES: dict[str, Any] = {
    "review": reviewing, "report": reports, "moderate": moderating, "person": persons, "admin": logbook
}  # fmt: skip


async def settled(core: Core, **settings: Any) -> None:
    """Settings of the guild, without their own notice."""
    await core.house.policy.save_community(HERE, Community(**settings), Entry(HERE, What.SETTING))
    for notice in await core.house.policy.due_notices(core.clock()):
        await core.house.policy.posted(notice, None, core.clock())


def hold(monkeypatch: pytest.MonkeyPatch, cause: Cause = Cause.PROMPT) -> None:
    """From now on every job waits for a moderator."""

    async def held(*_: object) -> tuple[Hold, ...]:
        return (Hold(cause, "violence"),)

    monkeypatch.setattr(accepting, "enter", held)


async def held(core: Core, text: str = "a fox", user: str = "ann") -> tuple[Job, Review]:
    """A job that waits, and the question about it."""
    job_id = await core.accepted(text, user)
    job = await core.reaches(job_id, JobState.HELD)
    return job, await asked_about(core, job)


async def asked_about(core: Core, job: Job) -> Review:
    """The open question, when it is there."""
    review = await eventually(lambda: core.house.policy.open_review(job.id))
    assert review is not None
    return review


async def press(core: Core, control: str, user: str = "mod", *, moderator: bool = True, value: str = "") -> Answer:
    """As the door does it."""
    read = read_control(control)
    assert read is not None, control
    asked = Press(core.ask(user, moderator=moderator), control, value)
    return await MODULES[read.action].press(core.house, asked, read)  # type: ignore[no-any-return]


async def type_in(
    core: Core, control: str, values: Mapping[str, str], user: str = "mod", *, moderator: bool = True
) -> Answer:
    """A form comes back."""
    read = read_control(control)
    assert read is not None, control
    asked = Submission(core.ask(user, moderator=moderator), control, values)
    return await MODULES[read.action].submit(core.house, asked, read)  # type: ignore[no-any-return]


def command(ask: Ask, sub: str, **options: str) -> Command:
    return Command(ask, "imagine-admin", sub, options)


def card_of(answer: Answer) -> Card:
    assert isinstance(answer, Private | Update), answer
    return answer.card


def said(answer: Answer) -> str:
    """All words of a private answer."""
    return words(card_of(answer))


def words(card: Card) -> str:
    facts = [f"{name}: {value}" for name, value in card.facts]
    return "\n".join((card.title, card.status, *card.lines, *facts))


def refused(answer: Answer) -> bool:
    return isinstance(answer, Private) and answer.refused


def buttons(card: Card) -> dict[str, str]:
    """Label -> control."""
    return {entry.label: entry.control for row in card.rows for entry in row if isinstance(entry, Button)}


def form_of(answer: Answer) -> str:
    """The control of an opened form."""
    assert isinstance(answer, OpenForm), answer
    assert len(answer.form.fields) <= 5
    assert len(answer.form.title) <= 24
    assert len(answer.form.submit) <= 24
    return answer.form.control


async def logged(core: Core, what: What) -> list[Entry]:
    """Entries of a kind, newest first."""
    return [entry for entry in await core.house.policy.entries(HERE, limit=100) if entry.what is what]

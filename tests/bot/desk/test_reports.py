"""Reports: moderators see the first one, enough of them hide the result, a moderator shows or deletes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.review_card import review_card
from bot.jobs.model import Job, JobState
from bot.jobs.surface import Form
from bot.policy.records import Cause, What
from bot.texts import desk
from bot.texts import review as texts
from tests.bot.desk import hall
from tests.support.core import Core, running_core
from tests.support.wait import eventually


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path) as running:
        await hall.settled(running, review_channel="mods", reports_hide=2)
        yield running


async def report(core: Core, job: Job, user: str, reason: str) -> str:
    form = hall.form_of(await hall.press(core, f"i1:report:{job.id}:0", user, moderator=False))
    return hall.said(await hall.type_in(core, form, {"reason": reason}, user, moderator=False)).strip()


async def shows(core: Core, job: Job, *, pictures: bool) -> None:
    message = f"m-{job.id}"
    await core.chat.until(lambda: bool(core.chat.messages[message][-1].pictures) is pictures)


async def test_the_first_report_asks_the_moderators_and_hides_nothing(core: Core) -> None:
    job = await core.drawn("a fox")
    assert await report(core, job, "bob", "gore") == texts.REPORTED
    review = await hall.asked_about(core, job)
    assert review.cause is Cause.REPORTS
    card = await review_card(core.house, review)
    assert "Reports say: gore" in hall.words(card)
    assert [shown.spoiler for shown in card.pictures] == [True]
    assert list(hall.buttons(card))[:3] == ["Let it stand", "Delete it", "Delete and block"]
    assert not (await core.job(job.id)).hidden
    (entry,) = await hall.logged(core, What.REPORTED)
    assert (entry.actor, entry.subject, entry.text) == ("playground:bob", "playground:ann", "gore")


async def test_one_person_counts_once(core: Core) -> None:
    job = await core.drawn("a fox")
    await report(core, job, "bob", "gore")
    assert await report(core, job, "bob", "gore again") == texts.REPORTED
    assert not (await core.job(job.id)).hidden
    assert len(await hall.logged(core, What.REPORTED)) == 1


async def test_enough_hide_it_until_a_moderator_shows_it_again(core: Core) -> None:
    job = await core.drawn("a fox")
    await report(core, job, "bob", "gore")
    assert await report(core, job, "eve", "blood") == texts.REPORTED_HIDDEN
    await shows(core, job, pictures=False)
    card = await review_card(core.house, await hall.asked_about(core, job))
    assert "Reports say: gore; blood" in hall.words(card)
    await hall.press(core, hall.buttons(card)["Let it stand"])
    await shows(core, job, pictures=True)
    assert await report(core, job, "joe", "still") == texts.REPORTED
    assert await core.house.policy.open_review(job.id) is None


@pytest.mark.parametrize("reporters", [["bob"], ["bob", "eve"]])
async def test_rejecting_deletes_it_hidden_or_not(core: Core, reporters: list[str]) -> None:
    job = await core.drawn("a fox")
    for user in reporters:
        await report(core, job, user, "gore")
    control = hall.buttons(await review_card(core.house, await hall.asked_about(core, job)))["Delete it"]
    await hall.type_in(core, hall.form_of(await hall.press(core, control)), {"reason": "too much"})

    async def deleted() -> bool:
        return job.id in core.chat.deleted

    await eventually(deleted)
    assert (await core.job(job.id)).deleted
    assert not any(key.startswith(job.id) for key in core.pictures.kept)
    again = await hall.press(core, f"i1:report:{job.id}:0", "joe", moderator=False)
    assert hall.refused(again)


async def test_ones_own_may_be_reported_and_is_told_of_delete(core: Core) -> None:
    job = await core.drawn("a fox")
    answer = await hall.press(core, f"i1:report:{job.id}:0", "ann", moderator=False)
    form = getattr(answer, "form", None)
    assert isinstance(form, Form)
    assert form.fields[0].hint == texts.REPORT_OWN


async def test_only_results_of_this_community(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await core.drawn("a fox")
    hall.hold(monkeypatch)
    waiting, _ = await hall.held(core, "an owl")
    control = f"i1:report:{job.id}:0"
    assert texts.NOT_A_RESULT in hall.said(await hall.press(core, f"i1:report:{waiting.id}:0", "bob", moderator=False))
    assert (await core.job(waiting.id)).state is JobState.HELD
    core.place = replace(core.place, community_id="another")
    for answer in (
        await hall.press(core, control, "bob", moderator=False),
        await hall.type_in(core, control, {"reason": "x"}, "bob", moderator=False),
    ):
        assert desk.NO_JOB in hall.said(answer)
    core.place = replace(core.place, community_id="")
    assert desk.NO_COMMUNITY in hall.said(await hall.press(core, control, "bob", moderator=False))

"""What every PolicyStore promises of reviews, reports, the audit log and the outbox to moderators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.model import JobState
from bot.jobs.place import MessageRef
from bot.policy.community import Community
from bot.policy.records import Cause, NoticeKind, Report, Review, What
from tests.support.policy import ANN, BOB, HERE, NOW, Desk, desk_on, entry

CARD = MessageRef("mods", "m1")
MOD = "playground:mod"


@pytest.fixture
async def desk(tmp_path: Path, backend: str) -> AsyncIterator[Desk]:
    async with desk_on(tmp_path) as opened:
        yield opened


async def asked(desk: Desk, job_id: str, cause: Cause = Cause.PROMPT) -> Review:
    return await desk.policy.ask(HERE, job_id, cause, "why", entry(What.HELD, job_id=job_id))


async def reported(desk: Desk, job_id: str, *users: str, hide_at: int = 2) -> int:
    count = 0
    for user in users:
        report = Report(job_id, f"playground:{user}", f"{user} says so")
        count = await desk.policy.report(report, HERE, hide_at, entry(What.REPORTED, job_id=job_id, subject=ANN))
    return count


async def test_the_log_is_read_newest_first_in_pages_and_by_person(desk: Desk) -> None:
    ids = [await desk.policy.record(entry(actor=ANN, subject=BOB, name="Ann", text=str(n))) for n in range(5)]
    desk.now += 5
    other = await desk.policy.record(entry(community="slack:T1", actor="slack:T1:U", once="one"))
    assert [one.id for one in await desk.policy.entries(HERE, limit=2)] == ids[:2:-1]
    assert [one.id for one in await desk.policy.entries(HERE, before=ids[2])] == [ids[1], ids[0]]
    assert [one.id for one in await desk.policy.entries("")] == [other, *reversed(ids)]
    assert len(await desk.policy.entries("", subject=ANN)) == 5 == len(await desk.policy.entries(HERE, subject=BOB))
    found = await desk.policy.entry(other)
    assert found is not None
    assert (found.at, found.once, found.what) == (NOW + 5, "one", What.SETTING)
    assert await desk.policy.entry(other + 1) is None


async def test_an_entry_that_comes_once_is_written_once(desk: Desk) -> None:
    await desk.logs()
    once = entry(What.BUDGET, once="budget:80:1970-01-12")
    ids = await asyncio.gather(*(desk.policy.record(once) for _ in range(5)))
    assert sorted(ids)[:4] == [0, 0, 0, 0]
    assert max(ids) > 0
    assert (await desk.only_notice()).subject == max(ids)


async def test_every_entry_is_posted_where_there_is_a_log_channel(desk: Desk) -> None:
    await desk.policy.record(entry(What.BLOCKED))
    assert await desk.policy.due_notices(NOW) == []
    await desk.policy.save_community(HERE, Community(log_channel="log"), entry(text="the channel"))
    for what in (What.ACCEPTED, What.REFUSED):
        await desk.policy.record(entry(what))
    await desk.policy.record(entry(What.BLOCKED, community="slack:T1"))
    first, refused = await desk.policy.due_notices(NOW + 9)
    assert (first.kind, first.community, first.message, first.version) == (NoticeKind.LOG, HERE, None, 1)
    told = await desk.policy.entry(first.subject)
    assert told is not None
    assert told.text == "the channel"
    found = [await desk.policy.entry(one.subject) for one in await desk.policy.due_notices(NOW + 10)]
    assert [one.what for one in found if one] == [What.SETTING, What.REFUSED, What.ACCEPTED], "a message has time to stand"
    assert refused.subject == first.subject + 2


async def test_a_notice_stays_due_until_it_stands_as_its_subject_is(desk: Desk) -> None:
    job = await desk.job(state=JobState.HELD)
    review = await asked(desk, job.id)
    notice = await desk.only_notice()
    await desk.policy.put_off(notice, NOW + 9)
    assert await desk.policy.due_notices(NOW + 8) == []
    (later,) = await desk.policy.due_notices(NOW + 9)
    assert later.attempts == 1
    assert await desk.policy.decide(review.id, "approved", MOD, "", entry(What.APPROVED))
    await desk.policy.posted(later, CARD, NOW)
    changed = await desk.only_notice()
    assert (changed.message, changed.version, changed.attempts) == (CARD, 2, 0)
    await desk.policy.posted(changed, None, NOW)
    assert await desk.policy.due_notices(NOW + 1e6) == []


async def test_a_notice_that_stands_in_part_knows_where_when_it_is_put_off(desk: Desk) -> None:
    job = await desk.job(state=JobState.HELD)
    await asked(desk, job.id)
    half = replace(CARD, whole=False)
    await desk.policy.put_off(await desk.only_notice(), NOW + 9, half)
    (later,) = await desk.policy.due_notices(NOW + 9)
    assert (later.message, later.attempts) == (half, 1)
    await desk.policy.put_off(later, NOW + 19)
    (later,) = await desk.policy.due_notices(NOW + 19)
    assert (later.message, later.attempts) == (half, 2)


async def test_one_review_is_open_per_job(desk: Desk) -> None:
    job, other = await desk.job(state=JobState.HELD), await desk.job(state=JobState.HELD)
    reviews = await asyncio.gather(*(asked(desk, job.id) for _ in range(4)))
    assert len({review.id for review in reviews}) == 1
    second = await asked(desk, other.id)
    assert await desk.policy.open_reviews(HERE) == [reviews[0], second]
    assert await desk.policy.open_reviews(HERE, limit=1) == [reviews[0]]
    assert await desk.policy.open_review(job.id) == reviews[0] == await desk.policy.review(reviews[0].id)
    await desk.policy.close(job.id, "expired", entry(What.EXPIRED))
    await desk.policy.close(job.id, "expired", entry(What.EXPIRED))
    assert await desk.policy.open_review(job.id) is None
    again = await asked(desk, job.id)
    assert again.id not in {reviews[0].id, second.id}
    written = [one.what for one in await desk.policy.entries(HERE) if one.what is not What.ACCEPTED]
    assert written == [What.HELD, What.EXPIRED, What.HELD, What.HELD]


async def test_what_was_let_stand_after_reports_is_not_asked_about_again(desk: Desk) -> None:
    """Also by a report that comes in the moment of the decision: the store itself knows."""
    first = await asked(desk, "job", Cause.REPORTS)
    assert await desk.policy.decide(first.id, "approved", MOD, "", entry(What.APPROVED, job_id="job", actor=MOD))
    assert (await asked(desk, "job", Cause.REPORTS)).id == first.id
    assert await desk.policy.open_review("job") is None


async def test_a_step_that_has_not_seen_the_verdict_yet_asks_nobody_again(desk: Desk) -> None:
    """It read the job before a moderator decided: a second question would stay open for ever."""
    job = await desk.job(state=JobState.REVIEW)
    first = await asked(desk, job.id, Cause.PICTURE)
    assert await desk.policy.decide(first.id, "approved", MOD, "", entry(What.APPROVED, job_id=job.id, actor=MOD))
    assert (await asked(desk, job.id, Cause.PICTURE)).id == first.id
    assert await desk.policy.open_review(job.id) is None


@pytest.mark.parametrize("state", [JobState.HELD, JobState.REVIEW])
async def test_of_many_decisions_one_wins(desk: Desk, state: JobState) -> None:
    job = await desk.job(state=state, hold="prompt")
    review = await asked(desk, job.id)
    decisions = (
        desk.policy.decide(review.id, "rejected", f"{MOD}{n}", f"no {n}", entry(What.REJECTED, actor=f"{MOD}{n}"))
        for n in range(5)
    )
    won = await asyncio.gather(*decisions)
    assert won.count(True) == 1
    winner = won.index(True)
    row, decided = await desk.row(job.id), await desk.policy.review(review.id)
    assert decided is not None
    assert (row.state, row.verdict, row.due_at) == (state, f"rejected: no {winner}", NOW)
    assert (decided.decided, decided.by, decided.why) == ("rejected", f"{MOD}{winner}", f"no {winner}")
    entries = [one for one in await desk.policy.entries(HERE) if one.what is What.REJECTED]
    assert [one.actor for one in entries] == [f"{MOD}{winner}"]


async def test_one_wins_between_two_processes_too(desk: Desk, tmp_path: Path) -> None:
    job = await desk.job(state=JobState.HELD, hold="prompt")
    review = await asked(desk, job.id)
    async with desk_on(tmp_path) as other:
        both = (one.policy.decide(review.id, "approved", MOD, "", entry(What.APPROVED)) for one in (desk, other) * 3)
        assert sorted(await asyncio.gather(*both)) == [False] * 5 + [True]


async def test_a_decision_reaches_only_a_job_that_waits_for_it(desk: Desk) -> None:
    early, gone = await desk.job(hold="prompt"), await desk.job(state=JobState.CANCELLED)
    for job in (early, gone):
        review = await asked(desk, job.id)
        assert await desk.policy.decide(review.id, "approved", MOD, "", entry(What.APPROVED))
    first, second = await desk.row(early.id), await desk.row(gone.id)
    assert (first.verdict, first.due_at) == ("approved", early.due_at)
    assert (second.verdict, second.due_at) == ("", gone.due_at)


async def test_enough_reporters_hide_a_result_and_ask_the_moderators(desk: Desk) -> None:
    job = await desk.job(state=JobState.DELIVERED, told=True, due_at=None)
    assert await reported(desk, job.id, "bob", "bob", "bob") == 1
    assert not (await desk.row(job.id)).hidden
    assert await reported(desk, job.id, "cem") == 2
    row = await desk.row(job.id)
    assert (row.hidden, row.told, row.reason, row.due_at) == (True, False, "hidden", NOW)
    review = await desk.policy.open_review(job.id)
    assert review is not None
    assert (review.cause, review.text) == (Cause.REPORTS, "bob says so\ncem says so")
    assert await reported(desk, job.id, "dan") == 3
    whats = [one.what for one in await desk.policy.entries(HERE)]
    assert (whats.count(What.REPORTED), whats.count(What.HIDDEN)) == (3, 1)
    assert (await desk.only_notice()).subject == review.id


async def test_a_hidden_result_is_shown_again_and_stays_or_is_deleted(desk: Desk) -> None:
    for decided in ("approved", "rejected"):
        job = await desk.job(state=JobState.DELIVERED, told=True, due_at=None)
        await reported(desk, job.id, "bob", "cem")
        await desk.set(job.id, told=True, due_at=None)
        review = await desk.policy.open_review(job.id)
        assert review is not None
        assert await desk.policy.decide(review.id, decided, MOD, "", entry(What(decided)))
        row = await desk.row(job.id)
        assert (row.told, row.due_at, row.verdict) == (False, NOW, "")
        assert (row.hidden, row.deleted) == ((False, False) if decided == "approved" else (True, True))
        assert await reported(desk, job.id, "dan", "eve") == 4
        assert (await desk.row(job.id)).hidden == row.hidden
        assert await desk.policy.open_review(job.id) is None


async def test_reports_hide_nothing_where_that_is_off_or_nothing_stands(desk: Desk) -> None:
    job, open_one = await desk.job(state=JobState.DELIVERED), await desk.job(state=JobState.RUNNING)
    assert await reported(desk, job.id, "bob", "cem", hide_at=0) == 2
    assert await reported(desk, open_one.id, "bob", "cem") == 2
    assert not (await desk.row(job.id)).hidden
    assert not (await desk.row(open_one.id)).hidden
    assert await desk.policy.open_reviews(HERE) == []

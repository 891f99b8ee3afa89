"""The whole bot with a moderation service on loopback: prompts refused, pictures held, shown when a moderator agrees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.jobs.asks import Answer, Ask, Imagine, Placeholder, Private
from bot.jobs.model import Job, JobState, new_id
from bot.jobs.place import Actor, Place, Platform
from bot.policy.records import Cause, Entry, What
from bot.wiring import Bot
from tests.fakes.apis.openai_moderation import KEY, MODERATIONS, FakeModerationApi
from tests.fakes.apis.strict import Fault
from tests.support.bot import running_bot
from tests.support.wait import eventually

ANN = Actor(Platform.PLAYGROUND, "ann", "Ann")
HALL = Place(Platform.PLAYGROUND, "playground", community_id="playground")


@asynccontextmanager
async def moderated(folder: Path) -> AsyncIterator[tuple[Bot, FakeModerationApi]]:
    async with FakeModerationApi() as api:
        settings = {
            "IMAGINE_PLAYGROUND": "on",
            "IMAGINE_MODERATION": "openai",
            "IMAGINE_PROVIDERS": "sketch",
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": api.base,
        }
        async with running_bot(folder, settings) as bot:
            yield bot, api
        assert api.violations == []


async def asked(bot: Bot, text: str = "a fox") -> Answer:
    return await bot.service.imagine(Imagine(Ask(ANN, HALL, new_id()), text))


async def accepted(bot: Bot) -> str:
    answer = await asked(bot)
    assert isinstance(answer, Placeholder), answer
    return answer.job_id


async def reaches(bot: Bot, job_id: str, state: JobState) -> Job:
    async def there() -> Job | None:
        job = await bot.store.job(job_id)
        return job if job is not None and job.state is state else None

    job = await eventually(there, within=30.0)
    assert job is not None
    return job


async def test_harmless_prompts_and_pictures_pass(tmp_path: Path) -> None:
    async with moderated(tmp_path) as (bot, api):
        job = await reaches(bot, await accepted(bot), JobState.DELIVERED)
        assert job.flags == ()
        assert len(api.pictures) == 4
        await reaches(bot, await accepted(bot), JobState.DELIVERED)
        assert len(api.seen) == 1 + 4 + 4, "a prompt is asked about once"


async def test_a_flagged_prompt_is_refused_and_nothing_is_drawn(tmp_path: Path) -> None:
    async with moderated(tmp_path) as (bot, api):
        api.scores = {"sexual": 0.97}
        answer = await asked(bot)
        assert isinstance(answer, Private)
        assert answer.refused
        assert api.pictures == []
        assert [one.what for one in await bot.house.policy.entries(HALL.community)] == [What.REFUSED]


async def test_flagged_pictures_wait_for_a_moderator(tmp_path: Path) -> None:
    async with moderated(tmp_path) as (bot, api):
        await bot.moderations["openai"].text("a fox")
        api.scores = {"violence/graphic": 0.97}  # the prompt's answer is kept, the pictures' is this
        job = await reaches(bot, await accepted(bot), JobState.REVIEW)
        assert job.flags == ("violence/graphic",)
        review = await eventually(lambda: bot.house.policy.open_review(job.id))
        assert review is not None
        assert review.cause is Cause.PICTURE
        entry = Entry(HALL.community, What.APPROVED, job_id=job.id)
        assert await bot.house.policy.decide(review.id, "approved", "playground:mod", "", entry)
        bot.engine.wake(job.id)
        assert (await reaches(bot, job.id, JobState.DELIVERED)).message is not None


async def test_a_service_that_is_down_stops_nobody(tmp_path: Path) -> None:
    async with moderated(tmp_path) as (bot, api):
        api.fail(MODERATIONS, Fault(503), times=10)
        await reaches(bot, await accepted(bot), JobState.DELIVERED)
        whats = [one.what for one in await bot.house.policy.entries(HALL.community)]
        assert whats.count(What.MODERATION_DOWN) == 2, "the prompt's, and the job's"

"""Webhooks of each vendor that sends them, through the real bot: they hurry a job, and never say what it drew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.jobs.asks import Ask, Imagine, Placeholder
from bot.jobs.model import Call, CallState, Job, JobState, new_id
from bot.jobs.place import Actor, Place, Platform
from bot.wiring import Bot
from tests.fakes.apis.strict import StrictApi
from tests.scenarios.providers.hooks import HOOKS, Hook
from tests.scenarios.providers.vendors import VENDORS
from tests.support.bot import running_bot
from tests.support.ports import free_port
from tests.support.wait import eventually

ANN = Actor(Platform.PLAYGROUND, "ann", "Ann")
HALL = Place(Platform.PLAYGROUND, "playground")
POLL = 60.0
"""Seconds between two looks of the bot's own; with webhooks it takes even longer."""
SOON = 10.0
"""Seconds that a loaded machine may take for what a webhook brings; far below the next look."""
TOO_LONG = b"{" + b" " * 2**20 + b"}"


@dataclass
class Waiting:
    """One job that a vendor draws at, and what its webhooks need."""

    bot: Bot
    api: Any
    hook: Hook
    client: httpx.AsyncClient
    job_id: str

    async def rows(self) -> tuple[Job, list[Call]]:
        """What is written down."""
        job = await self.bot.store.job(self.job_id)
        assert job is not None
        return job, list(await self.bot.store.calls(self.job_id))

    async def resting(self, polls: int = 0) -> tuple[Job, list[Call]]:
        """Wait until every call was asked about more than `polls` times and the next look is far away."""

        async def there() -> tuple[Job, list[Call]] | None:
            job, calls = await self.rows()
            far = job.lease == "" and job.due_at is not None and job.due_at > time.time() + POLL / 2
            open_ = all(call.state is CallState.ACCEPTED and call.polls > polls for call in calls)
            return (job, calls) if job.state is JobState.RUNNING and far and open_ and calls else None

        found = await eventually(there, SOON)
        assert found is not None
        return found

    async def delivered(self) -> Job:
        """Wait for the end, as told in the chat, and until nothing is due any more."""

        async def over() -> Job | None:
            job, _ = await self.rows()
            return job if job.told and not job.state.open and (job.lease, job.due_at) == ("", None) else None

        job = await eventually(over, SOON)
        assert job is not None
        assert (job.state, len(job.pictures)) == (JobState.DELIVERED, 4), (job.reason, job.detail)
        return job

    @property
    def addresses(self) -> list[str]:
        """Of this bot's paid requests, in order."""
        return self.hook.addresses(self.api)

    @property
    def tasks(self) -> list[str]:
        """The vendor's ids of them."""
        return self.hook.tasks(self.api)

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status that the bot answers."""
        reply = await self.client.post(url, content=body, headers={"content-type": "application/json"} | headers)
        return reply.status_code

    async def call_back(self) -> list[int]:
        """Each task's right webhook, once."""
        pairs = zip(self.addresses, self.tasks, strict=True)
        return list(await asyncio.gather(*(self.post(url, *self.hook.message(task)) for url, task in pairs)))


@asynccontextmanager
async def drawing(name: str, folder: Path) -> AsyncIterator[Waiting]:
    """The whole bot over one vendor, with a job that is being drawn there and that nobody will soon ask about."""
    hook, port = HOOKS[name], free_port()
    async with VENDORS[name].api() as api, httpx.AsyncClient(trust_env=False) as client:
        hook.hold(api)
        async with running_bot(folder, settings(name, api, port)) as bot:
            waiting = Waiting(bot, api, hook, client, await asked(bot))
            await waiting.resting()
            yield waiting
        assert_clean(api)


def settings(name: str, api: StrictApi, port: int) -> dict[str, str]:
    """Of a bot that the vendor can call back at `port`."""
    web = {"HTTP_PORT": str(port), "PUBLIC_URL": f"{HOOKS[name].scheme}://127.0.0.1:{port}", "IMAGINE_PLAYGROUND": "on"}
    return {**web, "IMAGINE_POLL_SECONDS": f"{POLL:g}", **VENDORS[name].settings(api.base), **HOOKS[name].settings(api)}


async def asked(bot: Bot) -> str:
    """The id of a new job."""
    answer = await bot.service.imagine(Imagine(Ask(ANN, HALL, new_id()), "a lighthouse at dusk"))
    assert isinstance(answer, Placeholder), answer
    return answer.job_id


def assert_clean(api: StrictApi) -> None:
    """No request that the vendor's description does not know."""
    assert api.violations == []


@pytest.mark.parametrize("name", HOOKS)
async def test_a_webhook_brings_the_grid_while_polling_sleeps(tmp_path: Path, name: str) -> None:
    async with drawing(name, tmp_path) as waiting:
        looks = len(waiting.api.seen)
        waiting.hook.finish(waiting.api)
        assert len(waiting.api.seen) == looks
        assert set(await waiting.call_back()) == {200}
        job = await waiting.delivered()
        assert job.provider == name
        assert waiting.api.paid == len(waiting.addresses)


@pytest.mark.parametrize("name", HOOKS)
async def test_the_first_one_after_a_start_is_taken(tmp_path: Path, name: str) -> None:
    """A process that has not submitted anything yet has what it needs to check it, or gets it while the vendor waits."""
    hook, port = HOOKS[name], free_port()
    async with VENDORS[name].api() as api, httpx.AsyncClient(trust_env=False) as client:
        hook.hold(api)
        async with running_bot(tmp_path, settings(name, api, port)) as bot:
            waiting = Waiting(bot, api, hook, client, await asked(bot))
            await waiting.resting()
        async with running_bot(tmp_path, settings(name, api, port)) as bot:
            again = replace(waiting, bot=bot)
            hook.finish(api)
            assert set(await again.call_back()) == {200}
            await again.delivered()
        assert_clean(api)


@pytest.mark.parametrize("name", HOOKS)
async def test_what_it_claims_is_not_believed(tmp_path: Path, name: str) -> None:
    """The vendor's own answer counts: a rightly signed "done" of a task that is not done only makes the bot ask."""
    async with drawing(name, tmp_path) as waiting:
        assert set(await waiting.call_back()) == {200}
        job, calls = await waiting.resting(polls=1)
        assert job.pictures == ()
        assert all(not call.pictures and not call.urls and not call.hooked for call in calls)
        waiting.hook.finish(waiting.api)
        await waiting.call_back()
        await waiting.delivered()


def wrong(waiting: Waiting, other_job: str) -> list[tuple[str, bytes, dict[str, str], int]]:
    """(address, body, headers, status) of what must change nothing. `other_job`: the address of another's call."""
    url, task = waiting.addresses[0], waiting.tasks[0]
    body, headers = waiting.hook.message(task)
    start, call_id, token = url.rsplit("/", 2)
    _, strange_id, strange_token = other_job.rsplit("/", 2)
    return [
        (url, *waiting.hook.tampered(task), 401),
        (url, b"", headers, 401),
        (f"{url}x", body, headers, 404),
        (f"{start}/{call_id}/{token[:-1]}", body, headers, 404),
        (f"{start}/{call_id}/{strange_token}", body, headers, 404),
        (f"{start}/{strange_id}/{token}", body, headers, 404),
        (f"{start}/{new_id()}/{token}", body, headers, 404),
        (f"{start.rpartition('/')[0]}/sketch/{call_id}/{token}", body, headers, 404),
        (url, TOO_LONG, headers, 413),
    ]


@pytest.mark.parametrize("name", HOOKS)
async def test_wrong_ones_change_nothing(tmp_path: Path, name: str) -> None:
    async with drawing(name, tmp_path) as waiting:
        first = len(waiting.addresses)
        other = Waiting(waiting.bot, waiting.api, waiting.hook, waiting.client, await asked(waiting.bot))
        others = await other.resting()
        before, looks = await waiting.resting(), len(waiting.api.seen)
        waiting.hook.finish(waiting.api)
        for url, body, headers, status in wrong(waiting, waiting.addresses[first]):
            assert (url, await waiting.post(url, body, headers)) == (url, status)
            assert await waiting.rows() == before
            assert await other.rows() == others
        assert len(waiting.api.seen) == looks
        assert set(await waiting.call_back()) == {200}
        await waiting.delivered()
        await other.delivered()


@pytest.mark.parametrize("name", HOOKS)
async def test_doubled_and_late_ones_change_nothing(tmp_path: Path, name: str) -> None:
    async with drawing(name, tmp_path) as waiting:
        waiting.hook.finish(waiting.api)
        doubled = await asyncio.gather(waiting.call_back(), waiting.call_back())
        assert {status for statuses in doubled for status in statuses} == {200}
        before, calls = await waiting.delivered(), (await waiting.rows())[1]
        looks, paid = len(waiting.api.seen), waiting.api.paid
        for _ in range(2):
            assert set(await waiting.call_back()) == {200}
        assert await waiting.post(waiting.addresses[0], *waiting.hook.tampered(waiting.tasks[0])) == 401
        # A look that the doubled ones asked for may still hold the lease for a moment: the row at rest is compared.
        assert (await waiting.delivered(), (await waiting.rows())[1]) == (before, calls)
        assert (len(waiting.api.seen), waiting.api.paid) == (looks, paid)
        assert (await waiting.bot.store.standing(ANN.key, waiting.bot.house.clock())).used == 4

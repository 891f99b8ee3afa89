"""A program's whole way: a job, its pictures, U and V, cancel, the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.texts import answers
from providers.base import Stage, Status
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.provider import ScriptedProvider
from tests.scenarios.api.conftest import TOGETHER, fake
from tests.support.api import ENDS, Api, open_api, problem
from tests.support.core import ASYNC
from tests.support.wait import eventually

pytestmark = TOGETHER


async def test_a_job_from_prompt_to_pictures(api: Api) -> None:
    program = await api.program()
    reply = await program.post(
        "", {"prompt": "a fox --seed 7", "ratio": "3:2", "style": "oil", "variations": 2, "provider": "sketch"}
    )
    assert (reply.status_code, reply.json()["status"]) == (202, "queued"), reply.text
    job_id = reply.json()["job_id"]
    assert reply.headers["location"] == f"/api/image/jobs/{job_id}"
    job = await program.reaches(job_id, "succeeded")
    assert job["prompt"] == "a fox --seed 7 --ar 3:2 --style oil --provider sketch"
    assert (job["progress"], job["error"], job["cost"], job["provider"]) == (100, None, 0.0, "sketch")
    assert len(job["result_urls"]) == 2
    async with httpx.AsyncClient() as anybody:
        for url in job["result_urls"]:
            assert (await anybody.get(url)).content[:3] in {b"\xff\xd8\xff", b"\x89PN"}
    row = await api.bot.store.job(job_id)
    assert row is not None
    assert (row.units, row.actor.key, row.place.community) == (2, program.key.user_key, "api:keys")
    assert (await api.bot.store.standing(program.key.user_key, api.clock())).used == 2


async def test_u_and_v_of_a_picture(api: Api) -> None:
    program = await api.program()
    parent = await program.drawn()
    large = await program.drawn({"index": 2}, f"/{parent['job_id']}/upscale")
    four = await program.drawn({"index": 3}, f"/{parent['job_id']}/variation")
    assert (large["action"], large["index"], large["parent_id"]) == ("upscale", 2, parent["job_id"])
    assert (len(large["result_urls"]), len(four["result_urls"])) == (1, 4)
    assert parent["cost"] == 0.04
    twice = await program.post(f"/{parent['job_id']}/upscale", {"index": 2})
    assert problem(twice) == (409, "drawn")
    assert twice.json()["job_id"] == large["job_id"]


async def test_starting_from_a_picture(api: Api) -> None:
    program = await api.program()
    url = (await program.drawn())["result_urls"][0]
    refused = await program.post("", {"prompt": "a fox", "image_url": url})
    assert problem(refused) == (422, "image")
    api.bot.house.fetcher._allow_hosts = frozenset({f"127.0.0.1:{api.bot.web.port}"})  # type: ignore[attr-defined]
    job_id = await program.accepted({"prompt": "a fox", "image_url": url})
    row = await api.bot.store.job(job_id)
    assert row is not None
    assert row.request.image_mime == "image/jpeg"


async def test_cancel_while_it_waits_and_too_late(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC)
    async with open_api(tmp_path, {"IMAGINE_RUNNING": "1"}, more=[provider]) as api:
        program = await api.program()
        provider.stages = [Status(Stage.RUNNING, 0.25)] * 10_000
        running = await program.accepted()
        assert (await program.reaches(running, "running"))["job_id"] == running
        waiting = await program.accepted({"prompt": "a hare"})
        for _ in range(2):
            assert (await program.post(f"/{waiting}/cancel")).status_code == 202
        ended = await program.reaches(waiting, *ENDS)
        assert (ended["status"], ended["error"]["code"]) == ("cancelled", "cancelled")

        async def drawing() -> bool:
            return bool((await program.job(running))["progress"] == 25)

        await eventually(drawing)
        provider.stages = []
        await program.reaches(running, "succeeded")
        late = await program.post(f"/{running}/cancel")
        assert (problem(late), late.json()["detail"]) == ((409, "too_late"), answers.TOO_LATE_ENDED)


async def test_pages_of_jobs(api: Api) -> None:
    program, other = await api.program(), await api.program()
    made = [await program.accepted({"prompt": f"fox {n}", "variations": 1}) for n in range(7)]
    made_elsewhere = await other.accepted()
    seen, cursor = [], None
    for size in (3, 3, 1):
        page = (await program.get("", limit=3, **({"cursor": cursor} if cursor else {}))).json()
        assert len(page["jobs"]) == size
        seen += [job["job_id"] for job in page["jobs"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (made[::-1], None)
    for job_id in made:
        await program.reaches(job_id, "succeeded")
    await other.reaches(made_elsewhere, "succeeded")
    assert (await program.get("", status="cancelled")).json() == {"jobs": [], "next_cursor": None}
    assert made[0] in [job["job_id"] for job in (await program.get("", status="succeeded", limit=100)).json()["jobs"]]


async def test_a_task_that_always_draws_four_is_booked_whole(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake(api), "capabilities", replace(ASYNC, whole_tasks=True))
    monkeypatch.setattr(fake(api), "pictures_per_call", 4)
    program = await api.program()
    job_id = await program.accepted({"prompt": "a fox", "provider": "fake", "variations": 1})
    job = await program.reaches(job_id, "succeeded")
    row = await api.bot.store.job(job_id)
    assert row is not None
    assert (len(job["result_urls"]), job["cost"], row.estimate, row.cost, row.units) == (1, 0.04, 40_000, 40_000, 1)


REFUSED = ProviderError(Family.MODERATED, 'HTTP 403 {"id": "0f", "errors": ["no foxes"]}', accepted=Accepted.NO)
BROKEN = ProviderError(Family.BAD_REQUEST, "no such size", accepted=Accepted.NO)


@pytest.mark.parametrize(("error", "status", "code"), [(REFUSED, "refused", "moderated"), (BROKEN, "failed", "bad_request")])
async def test_what_went_wrong(error: ProviderError, status: str, code: str, api: Api) -> None:
    fake(api).script = [error]
    program = await api.program()
    job = await program.reaches(await program.accepted({"prompt": "a fox", "provider": "fake"}), *ENDS)
    assert (job["status"], job["error"]["code"], job["result_urls"]) == (status, code, [])
    assert job["error"]["message"].partition("Nothing was charged.")[2] == (" no foxes" if status == "refused" else "")
    assert (await api.bot.store.standing(program.key.user_key, api.clock())).used == 0

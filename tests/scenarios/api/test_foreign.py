"""A job of another key, or of another chat: nobody learns that it is there, let alone changes it."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.api.asking import _actor, _place
from bot.jobs.asks import Ask, Imagine, Placeholder, Press, Private
from bot.jobs.controls import Control
from bot.jobs.model import Job
from bot.jobs.place import Actor, Place, Platform
from tests.scenarios.api.conftest import TOGETHER
from tests.support.api import Api, Program, open_api, problem
from tests.support.wait import eventually

pytestmark = TOGETHER
NOBODYS = "0123456789abcdef0123"
ODD = ("x", "%2e%2e", "%00", "A" * 300, "\u00e9", "0123456789ABCDEF0123", "a%0Ab", "a%2Fb", "%85")


async def everything(program: Program, job_id: str) -> list[httpx.Response]:
    """Each route with that id."""
    posts = [("cancel", None), ("upscale", {"index": 1}), ("variation", {"index": 1})]
    asked = [await program.get(f"/{job_id}"), await program.get(f"/{job_id}/events")]
    return asked + [await program.post(f"/{job_id}/{path}", body) for path, body in posts]


async def test_another_keys_job_by_its_id_is_not_found_like_none(api: Api) -> None:
    owner, thief = await api.program(), await api.program()
    job_id = (await owner.drawn())["job_id"]

    async def at_rest() -> Job | None:
        job = await api.bot.store.job(job_id)
        return job if job and job.told and not job.lease else None

    before = await eventually(at_rest)
    theirs, nobodys = await everything(thief, job_id), await everything(thief, NOBODYS)
    assert {problem(reply) for reply in theirs} == {(404, "not_found")}
    assert [reply.content for reply in theirs] == [reply.content for reply in nobodys]
    assert (await thief.get("")).json()["jobs"] == []
    assert await api.bot.store.job(job_id) == before
    assert len(await api.bot.store.jobs([], 100, thief.key.user_key)) == 0


async def test_an_id_may_be_anything(api: Api) -> None:
    program = await api.program()
    for job_id in ODD:
        for reply in await everything(program, job_id):
            assert problem(reply) == (404, "not_found"), (job_id, reply.text)


async def test_the_core_itself_takes_no_control_from_another_key(api: Api) -> None:
    """Behind the API's own check stands that of the place."""
    owner, thief = await api.program(), await api.program()
    job_id = (await owner.drawn())["job_id"]
    ask = Ask(_actor(thief.key), _place(thief.key), "forged")
    answer = await api.bot.service.press(Press(ask, str(Control("upscale", job_id, 1))))
    assert isinstance(answer, Private)
    assert answer.refused


async def test_a_job_of_a_chat_is_not_found(tmp_path: Path) -> None:
    async with open_api(tmp_path, {"IMAGINE_PLAYGROUND": "on"}) as api:
        robin = Actor(Platform.PLAYGROUND, "robin", "Robin")
        ask = Ask(robin, Place(Platform.PLAYGROUND, "playground", "playground"), "robins")
        answer = await api.bot.service.imagine(Imagine(ask, "a fox"))
        assert isinstance(answer, Placeholder)
        program = await api.program(community="playground:playground")
        assert {problem(reply) for reply in await everything(program, answer.job_id)} == {(404, "not_found")}
        page = await program.http.get(f"{api.bot.base}/api/state")
        assert page.status_code == 200, "the playground keeps its own addresses"

"""The same request again: after a lost answer, at the same moment, after a restart, a day later."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from tests.fakes.provider import ScriptedProvider
from tests.scenarios.api.conftest import TOGETHER, fake
from tests.support.api import FOX, Api, Program, open_api, problem
from tests.support.core import ASYNC
from tests.support.wait import eventually

pytestmark = TOGETHER
DAY = 24 * 3600.0


async def jobs_of(program: Program) -> list[str]:
    return [job.id for job in await program.bot.store.jobs([], 100, program.key.user_key)]


async def test_a_repeat_is_the_same_job_and_another_body_is_refused(api: Api) -> None:
    program = await api.program()
    first = await program.post("", FOX, idempotency_key="a-1")
    headers = {"idempotency-key": "a-1", "content-type": "application/json"}
    again = await program.http.post("jobs", content=b'{ "variations": 4, "prompt": "a fox" }', headers=headers)
    assert (again.status_code, again.content, again.headers["location"]) == (202, first.content, first.headers["location"])
    assert problem(await program.post("", {"prompt": "a hare"}, idempotency_key="a-1")) == (409, "idempotency")
    assert await program.accepted(idempotency_key="a-2") != first.json()["job_id"]
    assert await program.accepted() != first.json()["job_id"]
    assert len(await jobs_of(program)) == 3


async def test_empty_is_as_if_left_out(api: Api) -> None:
    program = await api.program()
    first = await program.accepted(FOX, idempotency_key="a")
    empty = FOX | dict.fromkeys(("style", "ratio", "provider", "image_url", "callback_url"), "")
    assert await program.accepted(empty, idempotency_key="a") == first
    assert problem(await program.post("", FOX | {"ratio": "3:2"}, idempotency_key="a")) == (409, "idempotency")


async def test_many_at_once_are_one_job(api: Api) -> None:
    program = await api.program()
    replies = await asyncio.gather(*(program.post("", FOX, idempotency_key="race") for _ in range(12)))
    assert {reply.status_code for reply in replies} == {202}
    assert [reply.json()["job_id"] for reply in replies] == await jobs_of(program) * 12
    assert (await api.bot.store.standing(program.key.user_key, api.clock())).used == 4


async def test_of_two_different_requests_at_once_one_wins(api: Api) -> None:
    program = await api.program()
    bodies = [{"prompt": f"fox {n}"} for n in range(6)]
    replies = await asyncio.gather(*(program.post("", body, idempotency_key="race") for body in bodies))
    assert sorted(reply.status_code for reply in replies) == [202, *[409] * 5]
    assert len(await jobs_of(program)) == 1


async def test_keys_do_not_share_theirs(api: Api) -> None:
    one, other = await api.program(), await api.program()
    assert await one.accepted(idempotency_key="same") != await other.accepted({"prompt": "a hare"}, idempotency_key="same")


async def test_a_repeat_of_u_and_v_is_the_same_job(api: Api) -> None:
    program = await api.program()
    parent = (await program.drawn())["job_id"]
    for path in ("upscale", "variation"):
        wanted = f"/{parent}/{path}"
        replies = await asyncio.gather(*(program.post(wanted, {"index": 1}, idempotency_key=path) for _ in range(5)))
        assert {reply.status_code for reply in replies} == {202}
        assert len({reply.json()["job_id"] for reply in replies}) == 1
        assert problem(await program.post(wanted, {"index": 2}, idempotency_key=path)) == (409, "idempotency")
    assert len(await jobs_of(program)) == 3


async def test_what_was_refused_may_be_sent_again(api: Api) -> None:
    program = await api.program()
    house = api.bot.house
    kept, house.caps = house.caps, replace(house.caps, daily=1)
    assert problem(await program.post("", FOX, idempotency_key="later")) == (429, "quota")
    house.caps = kept
    assert await program.accepted(idempotency_key="later") == await program.accepted(idempotency_key="later")


async def test_after_a_restart_and_after_a_day(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC)
    async with open_api(tmp_path, more=[provider]) as api:
        program = await api.program()
        first = await program.accepted(idempotency_key="kept")
        await program.reaches(first, "succeeded")
    async with open_api(tmp_path, more=[provider]) as api:
        program = api.again(program.key, program.token)
        assert await program.accepted(idempotency_key="kept") == first
        assert problem(await program.post("", {"prompt": "a hare"}, idempotency_key="kept")) == (409, "idempotency")
        assert len(provider.paid) == 1
        api.clock.ahead = DAY - 60
        assert await program.accepted(idempotency_key="kept") == first
        api.clock.ahead = DAY + 60
        second = await program.accepted({"prompt": "a hare"}, idempotency_key="kept")
        assert second != first

        async def forgotten() -> bool:
            async with api.bot.db.read() as connection:
                rows = await connection.exec_driver_sql("SELECT count(*) FROM api_marks")
                return rows.scalar() == 1

        await eventually(forgotten)


async def test_an_idempotency_key_is_short_and_can_be_printed(api: Api) -> None:
    program = await api.program()
    assert fake(api).capabilities.name == "fake"
    for wrong in ("x" * 256, "two words"):
        assert problem(await program.post("", FOX, idempotency_key=wrong)) == (422, "invalid")
    assert await jobs_of(program) == []

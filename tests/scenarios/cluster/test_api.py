"""The job API where one process answers programs and another draws."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from tests.scenarios.api.test_events import follow
from tests.scenarios.cluster.conftest import Cluster
from tests.scenarios.discord.easel import Easel
from tests.support.api import Api, Clock
from tests.support.wait import eventually


async def test_a_worker_draws_what_a_program_asked_the_web_for_and_its_stream_ends(cluster: Cluster) -> None:
    easel = Easel()
    cluster.more = [easel]
    web, worker = await cluster.open("web"), await cluster.open("worker")
    api = Api(web, Clock(), [])
    program = await api.program()
    try:
        job_id = await program.accepted(idempotency_key="once")
        assert await program.accepted(idempotency_key="once") == job_id
        reading = asyncio.create_task(follow(program, job_id))
        await eventually(lambda: _many(len(easel.paid)))
        assert worker.engine.lag < 5.0
        easel.finish()
        seen = await reading
        assert [name for name, _ in seen][-1] == "end"
        last = seen[-1][1]
        assert (last["status"], len(last["result_urls"])) == ("succeeded", 4)
        link = urlsplit(last["result_urls"][0])  # at PUBLIC_URL, where nobody listens here
        assert (await program.http.get(f"{web.base}{link.path}?{link.query}")).status_code == 200
        assert len(easel.paid) == 1
    finally:
        for http in api.clients:
            await http.aclose()


async def test_a_key_that_one_process_revoked_opens_nothing_at_another(cluster: Cluster) -> None:
    one, other = await cluster.open("web"), await cluster.open("web", HTTP_PORT="0")
    program = await Api(one, Clock(), []).program()
    there = Api(other, Clock(), []).again(program.key, program.token)
    assert (await there.get("")).status_code == 200
    assert await Api(one, Clock(), []).store.revoke_key(program.key.id, 1.0)
    refused = await asyncio.gather(there.get(""), program.get(""))
    assert [reply.status_code for reply in refused] == [401, 401]
    for http in (program.http, there.http):
        await http.aclose()


async def _many(count: int) -> bool:
    return count > 0

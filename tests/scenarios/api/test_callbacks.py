"""Callbacks: signed by Standard Webhooks, sent until they are taken, over restarts, and never into our own network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.api import courier, tokens
from bot.api.ports import Key
from bot.jobs import advance
from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.steps.common import Next
from providers.base import Stage, Status
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.fetch import GuardedFetcher
from providers.standard_webhooks import StandardWebhooks
from tests.fakes.provider import ScriptedProvider
from tests.fakes.receiver import Message, Receiver, receiving
from tests.support.api import FOX, Api, open_api, problem
from tests.support.core import ASYNC
from tests.support.wait import eventually

HOUR = 3600.0
SECRET = "a-secret-of-the-tests-0123456789"
Row = Mapping[str, Any]


def settings(receiver: Receiver) -> dict[str, str]:
    return {"IMAGINE_CALLBACK_HOSTS": receiver.host, "IMAGINE_SECRET": SECRET}


def signed(key: Key, message: Message) -> bool:
    """By the letter of the specification, and by our own reader."""
    secret = tokens.callback_secret(SECRET, key.id)
    sent = f"{message.headers['webhook-id']}.{message.headers['webhook-timestamp']}.".encode() + message.body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), sent, hashlib.sha256).digest()
    StandardWebhooks(secret, time.time).verify(message.headers, message.body)
    return message.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


async def rows(api: Api) -> list[Row]:
    async with api.bot.db.read() as connection:
        return [dict(row) for row in (await connection.exec_driver_sql("SELECT * FROM api_callbacks")).mappings()]


async def closed(api: Api, count: int = 1) -> list[Row]:
    """The rows, once there are so many and nothing is to be sent any more."""

    async def there() -> list[Row]:
        found = await rows(api)
        return found if len(found) == count and all(row["due_at"] is None for row in found) else []

    return await eventually(there)


async def failed(api: Api, attempts: int) -> None:
    async def there() -> bool:
        return [row["attempts"] for row in await rows(api)] == [attempts]

    await eventually(there)


async def test_every_end_is_told_once_and_signed(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC)
    async with receiving() as receiver, open_api(tmp_path, settings(receiver), more=[provider]) as api:
        program = await api.program()
        hooked = FOX | {"callback_url": receiver.url}
        done = await program.accepted(hooked)
        (first,) = list(await receiver.messages(1))
        provider.script = [ProviderError(Family.MODERATED, "no foxes", accepted=Accepted.NO)]
        refused = await program.accepted(hooked)
        await receiver.messages(2)
        large = await program.accepted({"index": 1, "callback_url": receiver.url}, f"/{done}/upscale")
        await receiver.messages(3)
        assert [one.said["type"] for one in receiver.got] == ["job.succeeded", "job.refused", "job.succeeded"]
        assert [one.said["data"]["job_id"] for one in receiver.got] == [done, refused, large]
        assert all(signed(program.key, one) for one in receiver.got)
        assert first.said["data"] == await program.job(done)
        assert first.said["timestamp"] == first.said["data"]["ended_at"]
        assert len(first.said["data"]["result_urls"]) == 4
        assert first.headers["webhook-id"] == f"{done}.delivered"
        assert (first.path, first.headers["content-type"]) == ("/hook", "application/json")
        assert [row["url"] for row in await closed(api, 3)] == ["", "", ""], "the address is forgotten"
        other = await api.program()
        with pytest.raises(BadWebhook):
            StandardWebhooks(tokens.callback_secret(SECRET, other.key.id), time.time).verify(first.headers, first.body)
        await program.accepted()
        await program.reaches(await program.accepted({"prompt": "a hare"}), "succeeded")
        assert len(receiver.got) == 3, "a job without an address calls nobody"


async def test_what_is_not_taken_is_sent_again_also_after_a_restart(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC)
    async with receiving() as receiver:
        receiver.statuses = [500, 302, 503]
        receiver.more = f"Location: {receiver.url}\r\n"
        async with open_api(tmp_path, settings(receiver), more=[provider]) as api:
            program = await api.program()
            job_id = await program.accepted(FOX | {"callback_url": receiver.url})
            await failed(api, 1)
            assert len(receiver.got) == 1
            api.clock.ahead = 10
            await failed(api, 2)
        async with open_api(tmp_path, settings(receiver), more=[provider]) as api:
            api.clock.ahead = HOUR
            await failed(api, 3)
            api.clock.ahead = 2 * HOUR
            (row,) = await closed(api)
        assert (row["attempts"], row["said"]) == (4, "status 204")
        assert {one.headers["webhook-id"] for one in receiver.got} == {f"{job_id}.delivered"}
        sent = [int(one.headers["webhook-timestamp"]) for one in receiver.got]
        assert sent == sorted(set(sent)), "each try is signed anew"
        assert len({one.said["timestamp"] for one in receiver.got}) == 1, "and tells of the same moment"
        assert {one.path for one in receiver.got} == {"/hook"}, "a redirect is not followed"


async def test_a_receiver_that_asks_for_a_pause_gets_it(tmp_path: Path) -> None:
    async with receiving() as receiver, open_api(tmp_path, settings(receiver), more=[ScriptedProvider(ASYNC)]) as api:
        receiver.statuses, receiver.more = [503], "Retry-After: 900\r\n"
        await (await api.program()).accepted(FOX | {"callback_url": receiver.url})
        await failed(api, 1)
        (row,) = await rows(api)
        assert 890 < row["due_at"] - api.clock() < 900 * 1.2, "instead of 5 s"
        api.clock.ahead = 1200
        assert [row["said"] for row in await closed(api)] == ["status 204"]


async def breaks(_house: House, _job: Job) -> Next:
    raise ValueError("boom")


async def waits(_house: House, _job: Job) -> Next:
    return 0.02


async def test_an_end_before_the_first_step_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advance, "FAULTS", 0)
    async with receiving() as receiver, open_api(tmp_path, settings(receiver)) as api:
        program, hooked = await api.program(), FOX | {"callback_url": receiver.url}
        monkeypatch.setitem(advance.STEPS, JobState.NEW, breaks)
        broken = await program.accepted(hooked)
        await receiver.messages(1)
        monkeypatch.setitem(advance.STEPS, JobState.NEW, waits)
        cancelled = await program.accepted(hooked)
        assert (await program.post(f"/{cancelled}/cancel")).status_code == 202
        await receiver.messages(2)
        assert [one.said["type"] for one in receiver.got] == ["job.failed", "job.cancelled"]
        ids = [one.headers["webhook-id"] for one in receiver.got]
        assert ids == [f"{broken}.failed", f"{cancelled}.cancelled"]
        assert len(await closed(api, 2)) == len(receiver.got), "each once"


async def test_it_is_given_up_after_the_last_try_and_at_once_where_nobody_wants_it(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC)
    async with receiving() as receiver, open_api(tmp_path, settings(receiver), more=[provider]) as api:
        program = await api.program()
        receiver.statuses = [500] * 50
        await program.accepted(FOX | {"callback_url": receiver.url})
        for tried in range(1, len(courier.WAITS) + 1):
            await failed(api, tried)
            api.clock.ahead += 24 * HOUR
            api.bot.fronts["api"].chat.due.set()  # type: ignore[index,attr-defined]
        (row,) = await closed(api)
        assert (row["attempts"], row["said"]) == (len(courier.WAITS) + 1, "status 500")
        assert len(receiver.got) == len(courier.WAITS) + 1
        receiver.statuses = [410]
        await program.accepted(FOX | {"callback_url": receiver.url})
        assert sorted(row["attempts"] for row in await closed(api, 2)) == [1, len(courier.WAITS) + 1]


async def test_a_revoked_key_calls_nobody(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC, stages=[Status(Stage.RUNNING)] * 10_000)
    async with receiving() as receiver, open_api(tmp_path, settings(receiver), more=[provider]) as api:
        program = await api.program()
        job_id = await program.accepted(FOX | {"callback_url": receiver.url})
        await program.reaches(job_id, "running")
        await api.store.revoke_key(program.key.id, api.clock())
        assert problem(await program.get(f"/{job_id}")) == (401, "key_invalid")
        provider.stages = []
        (row,) = await closed(api)
        assert (row["said"], receiver.got) == ("the key was revoked", [])


INWARD = (
    "http://example.org/hook",
    "https://127.0.0.1/hook",
    "https://[::1]/hook",
    "https://10.0.0.1/hook",
    "https://169.254.169.254/latest/meta-data",
    "https://2130706433/hook",
    "https://user:word@example.org/hook",
    "https://example.org:22/hook",
    "ftp://example.org/hook",
    "file:///etc/passwd",
    "not an address",
)


async def test_addresses_that_lead_inwards_are_refused_at_the_door(tmp_path: Path) -> None:
    async with receiving() as receiver, open_api(tmp_path, settings(receiver)) as api:
        program = await api.program()
        for url in (*INWARD, f"http://127.0.0.1:{receiver.port + 1}/hook"):
            reply = await program.post("", FOX | {"callback_url": url})
            assert problem(reply) == (422, "callback"), url
        assert await api.bot.store.jobs([], 5) == []


async def test_a_host_of_providers_pictures_is_no_receiver(tmp_path: Path) -> None:
    async with receiving() as comfyui, open_api(tmp_path, {"IMAGINE_ALLOW_HOSTS": comfyui.host}) as api:
        program = await api.program()
        reply = await program.post("", FOX | {"callback_url": f"http://{comfyui.host}/interrupt"})
        assert problem(reply) == (422, "callback")
        assert await api.bot.store.jobs([], 5) == []
    assert comfyui.got == []


async def test_a_name_that_leads_inwards_is_found_out_when_it_is_called(tmp_path: Path) -> None:
    """DNS may say anything, and something else tomorrow: what was resolved is what is judged."""

    async def inward(host: str, port: int) -> list[str]:
        return ["93.184.215.14", "127.0.0.1"]

    async with receiving() as receiver, open_api(tmp_path, more=[ScriptedProvider(ASYNC)]) as api:
        poster = GuardedFetcher(resolver=inward)
        api.bot.fronts["api"]._courier._poster = poster  # type: ignore[index,attr-defined]
        program = await api.program()
        await program.accepted(FOX | {"callback_url": f"https://hooks.example.org:{receiver.port}/hook"})
        (row,) = await closed(api)
        assert "private network" in row["said"]
        assert (row["attempts"], receiver.got) == (1, [])

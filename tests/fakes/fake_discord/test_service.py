"""Commands, trouble on demand, the CDN, the process."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from tests.fakes.discord import FakeDiscord, ManualClock, routes
from tests.fakes.fake_discord.raw import COMMAND, Raw


async def test_an_address_on_the_cdn_lives_for_a_day(raw: Raw, fake: FakeDiscord, clock: ManualClock) -> None:
    url = fake.attachment(b"x", "a.png").url
    clock.advance(25 * 3600)
    async with raw.session.get(url) as answer:
        assert answer.status == 404


async def test_a_limit_lasts_for_its_route_and_channel(raw: Raw, fake: FakeDiscord) -> None:
    here, elsewhere = (f"/channels/{fake.channel().id}/messages" for _ in range(2))
    fake.limit("POST /channels", retry_after=60.0)
    status, _, body = await raw(f"POST {here}", {"content": "x"})
    assert (status, body["retry_after"]) == (429, 60.0)
    status, _, body = await raw(f"POST {here}", {"content": "x"})
    assert status == 429
    assert body["retry_after"] < 60
    assert (await raw(f"GET {here}"))[0] == (await raw(f"POST {elsewhere}", {"content": "x"}))[0] == 200
    assert fake.faults.inside == 1


async def test_trouble_on_demand(raw: Raw, fake: FakeDiscord) -> None:
    post = f"POST /channels/{fake.channel().id}/messages"
    fake.fail(routes.POST_MESSAGE, 503)
    fake.fail(routes.POST_MESSAGE, 502, after=True)
    assert [(await raw(post, {"content": str(n)}))[0] for n in range(3)] == [503, 502, 200]
    assert [one.content for one in fake.messages.values()] == ["1", "2"]


async def test_a_held_call_waits_and_has_no_effect(raw: Raw, fake: FakeDiscord) -> None:
    channel = fake.channel()
    async with fake.hold(routes.POST_MESSAGE):
        posting = asyncio.create_task(raw(f"POST /channels/{channel.id}/messages", {"content": "x"}))
        await fake.until(lambda: fake.count(routes.POST_MESSAGE) == 1)
        assert fake.messages_in(channel) == []
    assert (await posting)[0] == 200


async def test_it_runs_as_its_own_process(raw: Raw) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord", "--load", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        async with raw.session.get(f"{told['control_url']}/stats") as answer:
            assert (await answer.json())["interactions"] == 0
    finally:
        process.terminate()
        await process.wait()


async def test_who_knocks_wrongly_is_a_violation(raw: Raw, fake: FakeDiscord) -> None:
    channel = fake.channel()
    assert (await raw("GET /users/@me", token="no"))[0] == 401
    assert (await raw(f"POST /channels/{channel.id}/messages", {"content": "x"}, content_type="text/plain"))[:2] == (
        400,
        50035,
    )
    assert (await raw("GET /nowhere"))[0] == 404
    assert (await raw(f"POST /channels/{channel.id}/messages", {"content": ""}))[:2] == (400, 50006)
    assert len(fake.violations) == 4


async def test_commands_are_checked_and_counted(raw: Raw, fake: FakeDiscord) -> None:
    put, guild = f"PUT /applications/{fake.me.id}/commands", fake.guild()
    assert (await raw(put, [COMMAND | {"name": "Imagine"}]))[:2] == (400, 50035)
    assert (await raw(put, [COMMAND, COMMAND]))[:2] == (400, 50035)
    assert (await raw(put, [COMMAND | {"description": "x" * 101}]))[:2] == (400, 50035)
    assert (await raw(put, [COMMAND]))[0] == 200
    assert (await raw(f"PUT /applications/{fake.me.id}/guilds/{guild.id}/commands", [COMMAND]))[0] == 200
    assert fake.command_puts == {None: 1, guild.id: 1}
    async with raw.session.get(f"{fake.api_url}{put[4:]}", headers={"Authorization": f"Bot {fake.token}"}) as answer:
        assert [one["name"] for one in await answer.json()] == ["imagine"]


async def test_waiting_in_vain_tells_what_was_seen(raw: Raw, fake: FakeDiscord) -> None:
    await raw("GET /users/@me")
    with pytest.raises(TimeoutError, match="/users/@me"):
        await fake.until(lambda: False, 0.01)

"""Closes, shards, sessions."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.fake_discord.raw import Raw


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([{"op": 2, "d": {"token": "no", "intents": 1}}], 4004),
        ([{"op": 2, "d": {"token": "fake-token", "intents": 1 << 15}}], 4014),
        ([{"op": 2, "d": {"token": "fake-token", "intents": 1, "shard": [1, 1]}}], 4010),
        ([{"op": 2, "d": {"token": "fake-token", "intents": 1}}] * 2, 4005),
        ([{"op": 3, "d": {}}], 4003),
        ([{"op": 99, "d": {}}], 4001),
        (["nonsense"], 4002),
        ([{"op": 1, "d": None}] * 121, 4008),
    ],
)
async def test_the_gateway_closes_on_a_bad_client(raw: Raw, fake: FakeDiscord, frames: list[Any], code: int) -> None:
    async with raw.session.ws_connect(fake.gateway_url) as socket:
        assert (await socket.receive_json(timeout=2))["op"] == 10
        for frame in frames:
            await socket.send_json(frame)
        while (await socket.receive(timeout=2)).type is not aiohttp.WSMsgType.CLOSE:
            pass
        assert socket.close_code == code


async def test_shards_get_their_own_guilds_and_a_bad_resume_is_op_9(raw: Raw, fake: FakeDiscord) -> None:
    guild = fake.guild()
    number = (guild.id >> 22) % 2
    seen: dict[int, list[str]] = {}
    for shard in (0, 1):
        async with raw.session.ws_connect(fake.gateway_url) as socket:
            await socket.receive_json(timeout=2)
            await socket.send_json({"op": 2, "d": {"token": fake.token, "intents": 1, "shard": [shard, 2]}})
            ready = await socket.receive_json(timeout=2)
            seen[shard] = [one["id"] for one in ready["d"]["guilds"]]
    assert seen == {number: [str(guild.id)], 1 - number: []}
    async with raw.session.ws_connect(fake.gateway_url) as socket:
        await socket.receive_json(timeout=2)
        await socket.send_json({"op": 6, "d": {"token": fake.token, "session_id": "x", "seq": 1}})
        assert await socket.receive_json(timeout=2) == {"op": 9, "d": False}

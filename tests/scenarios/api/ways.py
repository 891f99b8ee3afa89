"""What a request is, and how the core comes to refuse one: a way to each of its reasons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy import update

from bot.api.ports import COMMUNITY
from bot.policy.community import Community
from bot.policy.records import Block, Entry, Override, Rule, RuleKind, What
from providers.base import Stage, Status
from storage.tables import jobs
from tests.fakes.moderation import NUDE, ScriptedModeration
from tests.fakes.provider import ScriptedProvider
from tests.support.api import FOX, Api, Program

GUILD = "discord:81384788765712384"
Bring = Callable[[Api, Program], Awaitable[httpx.Response]]
"""Brings a refusal about, and hands back the answer."""


def sends(path: str = "", body: Any = None) -> Bring:
    async def bring(api: Api, program: Program) -> httpx.Response:
        return await program.post(path, FOX if body is None else body)

    return bring


def under(**settings: Any) -> Bring:
    """With these settings of the community that keys draw under."""

    async def bring(api: Api, program: Program) -> httpx.Response:
        policy = api.bot.house.policy
        entry = Entry(COMMUNITY, What.SETTING)
        await policy.save_community(COMMUNITY, Community(**settings), entry)
        reply = await program.post("", FOX)
        await policy.save_community(COMMUNITY, Community(), entry)
        return reply

    return bring


def limited(**caps: Any) -> Bring:
    async def bring(api: Api, program: Program) -> httpx.Response:
        house = api.bot.house
        before, house.caps = house.caps, replace(house.caps, **caps)
        reply = await program.post("", FOX)
        house.caps = before
        return reply

    return bring


async def line_full(api: Api, program: Program) -> httpx.Response:
    house = api.bot.house
    before, house.caps = house.caps, replace(house.caps, running=0, waiting=1, user_waiting=100)
    await program.accepted()
    reply = await program.post("", FOX)
    house.caps = before
    return reply


async def quota(api: Api, program: Program) -> httpx.Response:
    key = program.key.user_key
    await api.bot.house.policy.put_override(COMMUNITY, key, Override(daily=3), Entry(COMMUNITY, What.LIMITED))
    reply = await program.post("", FOX)
    wait = int(reply.headers["retry-after"])
    assert 0 < wait <= 86_400
    assert abs((api.clock() + wait) % 86_400 - 43_200) > 43_190, "the quota comes back at midnight, UTC"
    return reply


async def month(api: Api, program: Program) -> httpx.Response:
    key = program.key.user_key
    await api.bot.house.policy.put_override(COMMUNITY, key, Override(100, 3), Entry(COMMUNITY, What.LIMITED))
    reply = await program.post("", FOX)
    assert 0 < int(reply.headers["retry-after"]) <= 31 * 86_400
    return reply


async def blocked(api: Api, program: Program) -> httpx.Response:
    block = Block(program.key.user_key, None, "too many foxes", "operator")
    await api.bot.house.policy.put_block(COMMUNITY, block, Entry(COMMUNITY, What.BLOCKED))
    return await program.post("", FOX)


async def rules(api: Api, program: Program) -> httpx.Response:
    policy, entry = api.bot.house.policy, Entry(COMMUNITY, What.RULE)
    await policy.add_rules(COMMUNITY, [Rule(0, RuleKind.WORD, "fox", "Foxes are asleep")], entry)
    reply = await program.post("", FOX)
    for rule in await policy.rules(COMMUNITY):
        await policy.remove_rule(COMMUNITY, rule.id, entry)
    assert reply.json()["detail"].startswith("Foxes are asleep.")
    return reply


async def moderation(api: Api, program: Program) -> httpx.Response:
    api.bot.house.moderation = ScriptedModeration(NUDE, pictures=False)
    reply = await program.post("", FOX)
    api.bot.house.moderation = None
    return reply


async def channel(api: Api, program: Program) -> httpx.Response:
    """A key as `keys create` makes it without --community counts as a direct message: IMAGINE_DIRECT=off shuts those."""
    api.bot.house.direct = False
    await (await api.program(community=GUILD)).accepted()
    reply = await (await api.program(community=COMMUNITY)).post("", FOX)
    assert "--community" in reply.json()["detail"]
    api.bot.house.direct = True
    return reply


async def cooldown(api: Api, program: Program) -> httpx.Response:
    await program.accepted()
    reply = await under(cooldown=3600)(api, program)
    assert 3500 < int(reply.headers["retry-after"]) <= 3600
    return reply


async def unready(api: Api, program: Program) -> httpx.Response:
    provider = next(one for one in api.bot.house.providers.all() if one.capabilities.name == "fake")
    assert isinstance(provider, ScriptedProvider)
    provider.stages = [Status(Stage.RUNNING)] * 10_000
    job_id = await program.accepted()
    reply = await program.post(f"/{job_id}/upscale", {"index": 1})
    provider.stages = []
    return reply


def on_drawn(path: str, body: Any, *, hide: bool = False, lose: bool = False) -> Bring:
    async def bring(api: Api, program: Program) -> httpx.Response:
        job = await program.drawn({"prompt": "a fox", "variations": 1})
        if hide:
            async with api.bot.db.write() as connection:
                await connection.execute(update(jobs).where(jobs.c.id == job["job_id"]).values(hidden=True))
        if lose:
            await api.bot.house.pictures.delete([f"jobs/{job['job_id']}/1"])
        return await program.post(f"/{job['job_id']}{path}", body)

    return bring


async def twin(api: Api, program: Program) -> httpx.Response:
    job = await program.drawn()
    path = f"/{job['job_id']}/variation"
    first = await program.accepted({"index": 1}, path)
    reply = await program.post(path, {"index": 1})
    assert reply.json()["job_id"] == first
    return reply


async def drawn(api: Api, program: Program) -> httpx.Response:
    job = await program.drawn()
    path = f"/{job['job_id']}/upscale"
    first = await program.accepted({"index": 1}, path)
    reply = await program.post(path, {"index": 1})
    assert reply.json()["job_id"] == first
    assert "link" not in reply.json()["detail"]
    return reply

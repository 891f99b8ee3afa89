"""Every code of the job API, at its door: what brings it, its status, and that nothing was charged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

import bot.web.app
from bot.api.ports import COMMUNITY, Scope
from bot.api.problems import STATUSES
from bot.api.status import CODES
from bot.desk.review_card import APPROVE
from bot.errors import StoreUnavailable
from bot.jobs.asks import Ask, Press
from bot.jobs.controls import Control
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.why import Why
from bot.policy.community import Budget, Community, Feature, ReviewMode
from bot.policy.gate import CHECKS
from bot.policy.records import Block, Entry, Override, Rule, RuleKind, What
from bot.texts import api as texts
from bot.texts import states
from bot.web.bodies import BodyLimit
from providers.base import Stage, Status
from storage.tables import jobs
from tests.fakes.moderation import NUDE, ScriptedModeration
from tests.fakes.provider import ScriptedProvider
from tests.scenarios.api.conftest import TOGETHER
from tests.support.api import FOX, Api, Program, open_api, problem
from tests.support.core import ASYNC
from tests.support.wait import eventually

pytestmark = TOGETHER
BODY_SECONDS = 0.5
Bring = Callable[[Api, Program], Awaitable[httpx.Response]]


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


async def _line_full(api: Api, program: Program) -> httpx.Response:
    house = api.bot.house
    before, house.caps = house.caps, replace(house.caps, running=0, waiting=1, user_waiting=100)
    await program.accepted()
    reply = await program.post("", FOX)
    house.caps = before
    return reply


async def _quota(api: Api, program: Program) -> httpx.Response:
    key = program.key.user_key
    await api.bot.house.policy.put_override(COMMUNITY, key, Override(daily=3), Entry(COMMUNITY, What.LIMITED))
    reply = await program.post("", FOX)
    wait = int(reply.headers["retry-after"])
    assert 0 < wait <= 86_400
    assert abs((api.clock() + wait) % 86_400 - 43_200) > 43_190, "the quota comes back at midnight, UTC"
    return reply


async def _month(api: Api, program: Program) -> httpx.Response:
    key = program.key.user_key
    await api.bot.house.policy.put_override(COMMUNITY, key, Override(100, 3), Entry(COMMUNITY, What.LIMITED))
    reply = await program.post("", FOX)
    assert 0 < int(reply.headers["retry-after"]) <= 31 * 86_400
    return reply


async def _blocked(api: Api, program: Program) -> httpx.Response:
    block = Block(program.key.user_key, None, "too many foxes", "operator")
    await api.bot.house.policy.put_block(COMMUNITY, block, Entry(COMMUNITY, What.BLOCKED))
    return await program.post("", FOX)


async def _rules(api: Api, program: Program) -> httpx.Response:
    policy, entry = api.bot.house.policy, Entry(COMMUNITY, What.RULE)
    await policy.add_rules(COMMUNITY, [Rule(0, RuleKind.WORD, "fox", "Foxes are asleep")], entry)
    reply = await program.post("", FOX)
    for rule in await policy.rules(COMMUNITY):
        await policy.remove_rule(COMMUNITY, rule.id, entry)
    assert reply.json()["detail"].startswith("Foxes are asleep.")
    return reply


async def _moderation(api: Api, program: Program) -> httpx.Response:
    api.bot.house.moderation = ScriptedModeration(NUDE, pictures=False)
    reply = await program.post("", FOX)
    api.bot.house.moderation = None
    return reply


async def _channel(api: Api, program: Program) -> httpx.Response:
    """A key without a community counts as a direct message: IMAGINE_DIRECT=off shuts those."""
    api.bot.house.direct = False
    reply = await (await api.program(community="")).post("", FOX)
    api.bot.house.direct = True
    return reply


async def _cooldown(api: Api, program: Program) -> httpx.Response:
    await program.accepted()
    reply = await under(cooldown=3600)(api, program)
    assert 3500 < int(reply.headers["retry-after"]) <= 3600
    return reply


async def _no_key(api: Api, program: Program) -> httpx.Response:
    reply = await program.http.post("jobs", json=FOX, headers={"authorization": ""})
    assert reply.headers["www-authenticate"] == 'Bearer realm="imagine-bot"'
    return reply


async def _bad_key(api: Api, program: Program) -> httpx.Response:
    wrong = program.token[:-1] + ("0" if program.token[-1] != "0" else "1")
    for token in ("imk_", "x", wrong, "\u00e9".encode("latin-1").decode("latin-1")):
        named = {"authorization": f"Bearer {token}".encode("latin-1")}
        reply = await program.http.post("jobs", json=FOX, headers=named)  # type: ignore[arg-type]
        assert problem(reply) == (401, "key_invalid"), token
    return reply


async def _scope(api: Api, program: Program) -> httpx.Response:
    reader = await api.program(scopes=(Scope.READ,))
    assert (await reader.get("")).status_code == 200
    writer = await api.program(scopes=(Scope.DRAW,))
    await writer.accepted()
    assert problem(await writer.get("")) == (403, "scope")
    for path in ("/x/cancel", "/x/upscale", "/x/variation"):
        assert problem(await reader.post(path, {"index": 1})) == (403, "scope")
    return await reader.post("", FOX)


async def _rate(api: Api, program: Program) -> httpx.Response:
    slow = await api.program(per_minute=2)
    left = [(await slow.get("")).headers["ratelimit-remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    reply = await slow.get("")
    assert (reply.headers["ratelimit-limit"], reply.headers["ratelimit-remaining"]) == ("2", "0")
    assert 1 <= int(reply.headers["retry-after"]) <= 30
    assert 1 <= int(reply.headers["ratelimit-reset"]) <= 60
    return reply


async def _unready(api: Api, program: Program) -> httpx.Response:
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


async def _twin(api: Api, program: Program) -> httpx.Response:
    job = await program.drawn()
    path = f"/{job['job_id']}/variation"
    first = await program.accepted({"index": 1}, path)
    reply = await program.post(path, {"index": 1})
    assert reply.json()["job_id"] == first
    return reply


async def _drawn(api: Api, program: Program) -> httpx.Response:
    job = await program.drawn()
    path = f"/{job['job_id']}/upscale"
    await program.accepted({"index": 1}, path)
    return await program.post(path, {"index": 1})


async def _conflict(api: Api, program: Program) -> httpx.Response:
    await program.accepted(idempotency_key="one")
    return await program.post("", {"prompt": "a hare"}, idempotency_key="one")


async def _method(api: Api, program: Program) -> httpx.Response:
    reply = await program.http.put("jobs", json=FOX)
    assert "GET" in reply.headers["allow"] or "POST" in reply.headers["allow"]
    return reply


async def _large(api: Api, program: Program) -> httpx.Response:
    async def pieces() -> Any:
        for _ in range(20):
            yield b" " * 8192

    streamed = await program.http.post("jobs", content=pieces(), headers={"content-type": "application/json"})
    assert problem(streamed) == (413, "too_large")
    return await program.post("", {"prompt": "x" * 70_000})


async def _slow(api: Api, program: Program) -> httpx.Response:
    """By hand: a client library would go on sending and miss the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api.bot.web.port)
    head = f"POST /api/image/jobs HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {program.token}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
    said = (await reader.read()).decode()
    writer.close()
    head, _, body = said.partition("\r\n\r\n")
    lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return httpx.Response(int(lines[0].split()[1]), headers=headers, text=body)


async def _store(api: Api, program: Program) -> httpx.Response:
    async def away(*_: object) -> None:
        raise StoreUnavailable("the disk is full")

    front: Any = api.bot.fronts
    asking = front["api"].asking
    kept, asking._store.job = asking._store.job, away
    reply = await program.get("/0123456789abcdef0123")
    asking._store.job = kept
    assert int(reply.headers["retry-after"]) == 60
    return reply


async def _trouble(api: Api, program: Program) -> httpx.Response:
    async def broken(*_: object) -> None:
        raise ValueError("boom")

    front: Any = api.bot.fronts
    asking = front["api"].asking
    kept, asking._store.job = asking._store.job, broken
    reply = await program.get("/0123456789abcdef0123")
    asking._store.job = kept
    assert "boom" not in reply.text
    return reply


async def _door(api: Api, program: Program, *, starting: bool) -> httpx.Response:
    front: Any = api.bot.fronts
    door = front["api"]._door
    core = door._core
    door._core, door.stopping = (None, False) if starting else (core, True)
    reply = await program.post("", FOX)
    assert (await program.get("")).status_code == 200
    door._core, door.stopping = core, False
    return reply


async def _streams(api: Api, program: Program) -> httpx.Response:
    front: Any = api.bot.fronts
    front["api"].events._open[program.key.id] = 20
    reply = await program.get(f"/{await program.accepted()}/events")
    front["api"].events._open.clear()
    return reply


WAYS: dict[str, Bring] = {
    "key_missing": _no_key,
    "key_invalid": _bad_key,
    "budget": under(budget=Budget(images_day=1)),
    "scope": _scope,
    "stopped": under(stopped=True),
    "blocked": _blocked,
    "feature": under(off=(Feature.IMAGINE,)),
    "channel": _channel,
    "role": under(roles=("painters",)),
    "age": under(adult_only=True),
    "not_found": sends("/0123456789abcdef0123/upscale", {"index": 1}),
    "method": _method,
    "too_slow": _slow,
    "idempotency": _conflict,
    "twin": _twin,
    "drawn": _drawn,
    "not_ready": _unready,
    "picture_gone": on_drawn("/variation", {"index": 1}, lose=True),
    "hidden": on_drawn("/upscale", {"index": 1}, hide=True),
    "too_late": on_drawn("/cancel", None),
    "too_large": _large,
    "invalid": sends("", {"prompt": "a fox", "colour": "red"}),
    "prompt": sends("", {"prompt": "a fox --sede 7"}),
    "length": under(prompt_longest=2),
    "rules": _rules,
    "moderation": _moderation,
    "image": sends("", {"prompt": "a fox", "image_url": "https://127.0.0.1/a.png"}),
    "provider": sends("", {"prompt": "a fox", "provider": "nobody"}),
    "no_picture": on_drawn("/upscale", {"index": 2}),
    "callback": sends("", {"prompt": "a fox", "callback_url": "https://169.254.169.254/latest"}),
    "rate": _rate,
    "quota": _quota,
    "month": _month,
    "cooldown": _cooldown,
    "queue_full": limited(user_running=0, user_waiting=0),
    "line_full": _line_full,
    "streams": _streams,
    "trouble": _trouble,
    "starting": lambda api, program: _door(api, program, starting=True),
    "stopping": lambda api, program: _door(api, program, starting=False),
    "store": _store,
}


async def test_every_code_at_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with a key of its own; nothing is charged for any of them."""
    monkeypatch.setattr(bot.web.app, "API_LIMIT", BodyLimit(64 * 1024, BODY_SECONDS, problems=True))
    found = {}
    async with open_api(tmp_path, {"IMAGINE_USER_RUNNING": "50"}, more=[ScriptedProvider(ASYNC)]) as api:
        for code, bring in WAYS.items():
            program = await api.program()
            reply = await bring(api, program)
            assert reply.status_code >= 400, code
            found[code] = problem(reply)
            assert reply.headers.get("api-version") == "1" or code in {"too_large", "trouble"}, code
            if STATUSES[code] in {429, 503}:
                assert int(reply.headers["retry-after"]) > 0, code
    assert found == {code: (STATUSES[code], code) for code in WAYS}
    assert set(WAYS) == set(STATUSES)


async def test_every_code_and_every_reason_is_documented() -> None:
    assert list(texts.CODES) == list(STATUSES)
    assert set(texts.ERRORS) == {CODES.get(reason, reason) for reason in states.REASONS} | set(texts.ENDS)


async def test_whatever_the_core_says_has_a_status() -> None:
    named = {"no_job": "not_found"}
    assert {named.get(why.value, why.value) for why in Why} <= set(STATUSES)
    assert {name for name, _ in CHECKS} - {"review"} <= set(Why), "review only ever holds"


async def test_a_refusal_costs_nothing_and_stands_in_the_audit_log(api: Api) -> None:
    program = await api.program()
    assert problem(await under(stopped=True)(api, program)) == (403, "stopped")
    (entry,) = await api.bot.house.policy.entries(COMMUNITY, subject=program.key.user_key)
    assert (entry.what, entry.actor, entry.name) == (What.REFUSED, program.key.user_key, "Robot")
    assert entry.channel == "", "the log mentions channels, and a key stands in none"
    assert await api.bot.store.jobs([], 5, program.key.user_key) == []
    assert (await api.bot.store.standing(program.key.user_key, api.clock())).used == 0


async def test_another_communitys_rules_and_roles_hold_for_a_key_that_was_made_for_it(api: Api) -> None:
    guild, entry = "discord:81384788765712384", Entry("discord:81384788765712384", What.SETTING)
    settings = Community(roles=("painters",), channels=("studio",), budget=Budget(images_day=4))
    await api.bot.house.policy.save_community(guild, settings, entry)
    stranger = await api.program(community=guild)
    assert problem(await stranger.post("", FOX)) == (403, "role")
    painter = await api.program(community=guild, roles=("painters",))
    job_id = await painter.accepted()
    assert problem(await painter.post("", FOX)) == (402, "budget")
    assert (await (await api.program()).post("", FOX)).status_code == 202
    row = await api.bot.store.job(job_id)
    assert row is not None
    assert row.place.community == guild


BODIES = {
    b"{": "body.1",
    b"[]": "body",
    b"null": "body",
    b'{"prompt": 7}': "body.prompt",
    b'{"prompt": ""}': "body.prompt",
    b'{"prompt": "a", "variations": "4"}': "body.variations",
    b'{"prompt": "a", "variations": 5}': "body.variations",
    b'{"prompt": "\\ud800"}': "body.prompt",
    b'{"prompt": "a", "\\ud800": 1}': "body",
    b"\xff": "body",
}
"""And which field is named."""


async def test_bad_bodies_say_which_field(api: Api) -> None:
    program, found = await api.program(), {}
    for body in BODIES:
        reply = await program.http.post("jobs", content=body, headers={"content-type": "application/json"})
        assert problem(reply) == (422, "invalid")
        found[body] = reply.json()["errors"][0]["field"]
    assert found == BODIES


async def test_the_moderators_of_a_keys_community_decide_about_its_jobs(api: Api) -> None:
    guild, channel = "playground:guild", Place(Platform.PLAYGROUND, "hall", "guild")
    settings = Community(review=ReviewMode.EVERYTHING)
    await api.bot.house.policy.save_community(guild, settings, Entry(guild, What.SETTING))
    program = await api.program(community=guild)
    job_id = await program.accepted()
    await program.reaches(job_id, "held")
    robin = Actor(Platform.PLAYGROUND, "robin", "Robin", moderator=True)
    approve = str(Control("review", job_id, APPROVE))
    await eventually(lambda: api.bot.house.policy.open_review(job_id))
    await api.bot.service.press(Press(Ask(robin, channel, "approves"), approve))
    await program.reaches(job_id, "succeeded")

"""Every code of the job API, at its door: what brings it, its status, and that nothing was charged."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.web.app
from bot.api.ports import COMMUNITY
from bot.api.problems import STATUSES
from bot.api.status import CODES
from bot.desk.review_card import APPROVE
from bot.jobs.acceptance import RefusalKind
from bot.jobs.asks import Ask, Press
from bot.jobs.controls import Control
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.why import Why
from bot.policy.community import Budget, Community, Feature, ReviewMode
from bot.policy.gate import CHECKS
from bot.policy.records import Entry, What
from bot.texts import api as texts
from bot.texts import states
from bot.web.bodies import BodyLimit
from tests.fakes.provider import ScriptedProvider
from tests.scenarios.api import ways
from tests.scenarios.api import ways_at_the_door as door
from tests.scenarios.api.conftest import TOGETHER
from tests.scenarios.api.ways import Bring
from tests.support.api import FOX, Api, open_api, problem
from tests.support.core import ASYNC
from tests.support.wait import eventually

pytestmark = TOGETHER


WAYS: dict[str, Bring] = {
    "key_missing": door.no_key,
    "key_invalid": door.bad_key,
    "budget": ways.under(budget=Budget(images_day=1)),
    "scope": door.scope,
    "stopped": ways.under(stopped=True),
    "blocked": ways.blocked,
    "feature": ways.under(off=(Feature.IMAGINE,)),
    "channel": ways.channel,
    "role": ways.under(roles=("painters",)),
    "age": ways.under(adult_only=True),
    "not_found": ways.sends("/0123456789abcdef0123/upscale", {"index": 1}),
    "method": door.method,
    "too_slow": door.slow,
    "idempotency": door.conflict,
    "twin": ways.twin,
    "drawn": ways.drawn,
    "not_ready": ways.unready,
    "picture_gone": ways.on_drawn("/variation", {"index": 1}, lose=True),
    "hidden": ways.on_drawn("/upscale", {"index": 1}, hide=True),
    "too_late": ways.on_drawn("/cancel", None),
    "too_large": door.large,
    "invalid": ways.sends("", {"prompt": "a fox", "colour": "red"}),
    "prompt": ways.sends("", {"prompt": "a fox --sede 7"}),
    "length": ways.under(prompt_longest=2),
    "rules": ways.rules,
    "moderation": ways.moderation,
    "image": ways.sends("", {"prompt": "a fox", "image_url": "https://127.0.0.1/a.png"}),
    "provider": ways.sends("", {"prompt": "a fox", "provider": "nobody"}),
    "no_picture": ways.on_drawn("/upscale", {"index": 2}),
    "callback": ways.sends("", {"prompt": "a fox", "callback_url": "https://169.254.169.254/latest"}),
    "rate": door.rate,
    "quota": ways.quota,
    "month": ways.month,
    "cooldown": ways.cooldown,
    "queue_full": ways.limited(user_running=0, user_waiting=0),
    "line_full": ways.line_full,
    "streams": door.streams,
    "trouble": door.trouble,
    "starting": lambda api, program: door.door(api, program, starting=True),
    "stopping": lambda api, program: door.door(api, program, starting=False),
    "store": door.store,
}


async def test_every_code_at_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with a key of its own; nothing is charged for any of them."""
    monkeypatch.setattr(bot.web.app, "API_LIMIT", BodyLimit(64 * 1024, door.BODY_SECONDS, problems=True))
    found = {}
    async with open_api(tmp_path, {"IMAGINE_USER_RUNNING": "50"}, more=[ScriptedProvider(ASYNC)]) as api:
        for code, bring in WAYS.items():
            program = await api.program()
            reply = await bring(api, program)
            assert reply.status_code >= 400, code
            found[code] = problem(reply)
            assert reply.headers.get("api-version") == "1", code
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
    assert set(RefusalKind) - {RefusalKind.SPAM} <= set(Why), "spam is told as a rule"


async def test_a_refusal_costs_nothing_and_stands_in_the_audit_log(api: Api) -> None:
    program = await api.program()
    assert problem(await ways.under(stopped=True)(api, program)) == (403, "stopped")
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


@pytest.mark.parametrize("named", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json"])
async def test_a_body_that_is_not_called_json_is_told_how_to_be(api: Api, named: str | None) -> None:
    program = await api.program()
    headers = {} if named is None else {"content-type": named}
    reply = await program.http.post("jobs", content=b'{"prompt": "a fox"}', headers=headers)
    assert problem(reply) == (422, "invalid")
    assert "Content-Type: application/json" in reply.json()["detail"]
    listed = await program.http.post("jobs", content=b"[]", headers={"content-type": "application/json; charset=utf-8"})
    assert listed.json()["errors"] == [{"field": "body", "message": texts.NO_OBJECT}]


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

"""People: a crowd shares look-ups, a limit is waited out by all, and a rank that is not known is nobody's "no"."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs.asks import Command
from bot.slack.api import Json, SlackApi
from bot.slack.people import FRESH, UNSURE, People, Person
from bot.texts import slack as texts
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk
from tests.bot.slack.stub import BUSY, Clock, StubClient, StubLines, refusal, user

CHIEF = Person("Annie", True, "de-DE")


class Slow(SlackApi):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__(StubClient(), StubLines(), 5.0)
        self.go, self.calls = asyncio.Event(), 0

    async def user(self, user: str) -> Json:
        self.calls += 1
        await self.go.wait()
        return {"id": user, "is_admin": True, "real_name": "Annie", "locale": "de-DE"}


@pytest.fixture
def client() -> StubClient:
    made = StubClient()
    made.answers["users.info"] = user(is_admin=True)
    return made


async def test_nobody_is_asked_for_while_slack_limits_it(client: StubClient) -> None:
    clock = Clock()
    people = People(SlackApi(client, StubLines(), 5.0), clock)
    client.answers["users.info"] = BUSY
    assert [*await asyncio.gather(people.person("U1"), people.person("U2"))] == [UNSURE, UNSURE]
    sent = len(client.calls)
    client.answers["users.info"] = user(is_admin=True)
    clock.now += 6
    assert await asyncio.gather(*(people.person(f"U{number}") for number in range(20))) == [UNSURE] * 20
    assert len(client.calls) == sent, "before Retry-After is over"
    clock.now += 1
    assert await people.person("U1") == CHIEF


async def test_what_was_known_is_used_on_while_slack_is_busy(client: StubClient) -> None:
    clock = Clock()
    people = People(SlackApi(client, StubLines(), 5.0), clock)
    assert await people.person("U1") == CHIEF
    clock.now += FRESH
    client.answers["users.info"] = BUSY
    assert await people.person("U1") == await people.person("U1") == CHIEF
    assert len(client.calls) == 2


@pytest.mark.parametrize(
    ("answer", "unsure"),
    [(refusal("fatal_error"), True), (refusal("missing_scope"), False), (refusal("user_not_found"), False)],
)
async def test_only_what_passes_is_unsure(client: StubClient, answer: Json, *, unsure: bool) -> None:
    client.answers["users.info"] = answer
    assert await People(SlackApi(client, StubLines(), 5.0), Clock()).person("U1") == Person(unsure=unsure)


async def test_a_crowd_shares_one_look_up_and_waits_no_longer_than_a_moment() -> None:
    api = Slow()
    people = People(api, Clock(), seconds=0.01)
    assert await asyncio.gather(*(people.person("U1") for _ in range(5))) == [UNSURE] * 5
    assert api.calls == 1
    api.go.set()
    await asyncio.wait(people._calls.values(), timeout=5)
    assert (await people.person("U1"), api.calls) == (CHIEF, 1)


async def test_a_stop_ends_a_look_up_that_hangs() -> None:
    people = People(Slow(), Clock(), seconds=0.01)
    await people.person("U1")
    await asyncio.wait_for(people.stop(), 5)
    assert not people._calls


@pytest.mark.parametrize(("answer", "told"), [(BUSY, texts.BUSY), (refusal("missing_scope"), ""), (user(), "")])
async def test_the_core_is_told_that_a_rank_is_not_known(desk: Desk, answer: Json, told: str) -> None:
    desk.client.answers["users.info"] = answer
    await desk.send(payloads.command("admin"))
    (asked,) = desk.core.asked
    assert isinstance(asked, Command)
    assert (asked.ask.unranked, asked.ask.actor.admin) == (told, False)

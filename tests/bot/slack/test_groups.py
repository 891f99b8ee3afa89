"""User groups: who is in which, kept for five minutes, never long in the way."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.jobs.surface import Choice
from bot.slack.api import Json, SlackApi
from bot.slack.groups import Groups
from tests.bot.slack.stub import BUSY, Clock, StubClient, StubLines, refusal

PAINTERS: Json = {"id": "S1", "name": "painters", "users": ["U1", "U2"]}
BOARD: Json = {"id": "S2", "name": "Board", "users": ["U2"]}
EMPTY: Json = {"id": "S3", "handle": "empty"}


class Slow(SlackApi):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__(StubClient(), StubLines(), 5.0)
        self.go, self.calls = asyncio.Event(), 0

    async def user_groups(self, team: str) -> list[Json]:
        self.calls += 1
        await self.go.wait()
        return [PAINTERS]


@pytest.fixture
def client() -> StubClient:
    made = StubClient()
    made.answers["usergroups.list"] = {"ok": True, "usergroups": [PAINTERS, BOARD, EMPTY]}
    return made


def groups_of(client: StubClient, clock: Clock) -> Groups:
    return Groups(SlackApi(client, StubLines(), 5.0), clock)


async def test_a_person_is_in_groups_and_the_list_is_kept_for_five_minutes(client: StubClient) -> None:
    clock = Clock()
    groups = groups_of(client, clock)
    assert await groups.of("T1", "U2") == ("S1", "S2")
    assert await groups.of("T1", "U1") == ("S1",)
    assert await groups.of("T1", "U9") == ()
    assert await groups.choices("T1") == (Choice("S2", "Board"), Choice("S3", "empty"), Choice("S1", "painters"))
    assert client.of("usergroups.list") == [{"include_users": True, "team_id": "T1"}]
    clock.now += 301
    client.answers["usergroups.list"] = {"ok": True, "usergroups": [BOARD]}
    assert await groups.of("T1", "U1") == ()
    assert len(client.of("usergroups.list")) == 2


@pytest.mark.parametrize("code", ["missing_scope", "plan_upgrade_required"])
async def test_a_workspace_without_groups_is_said_once(client: StubClient, code: str) -> None:
    clock = Clock()
    groups = groups_of(client, clock)
    assert await groups.of("T1", "U1") == ("S1",)
    client.answers["usergroups.list"] = refusal(code, needed="usergroups:read")
    with capture_logs() as lines:
        for _ in range(3):
            clock.now += 301
            assert await groups.of("T1", "U1") == ()
    assert [line["event"] for line in lines] == ["slack_no_user_groups"]


@pytest.mark.parametrize(("answer", "seconds"), [(BUSY, 7), (refusal("fatal_error"), 60)])
async def test_a_list_that_cannot_be_had_anew_is_used_on(client: StubClient, answer: Json, seconds: int) -> None:
    clock = Clock()
    groups = groups_of(client, clock)
    await groups.of("T1", "U1")
    client.answers["usergroups.list"] = answer
    clock.now += 301
    for _ in range(2):
        assert await groups.of("T1", "U1") == ("S1",)
    assert len(client.of("usergroups.list")) == 2
    clock.now += seconds
    await groups.of("T1", "U1")
    assert len(client.of("usergroups.list")) == 3


async def test_nobody_waits_longer_than_a_moment_and_all_share_one_call() -> None:
    api = Slow()
    groups = Groups(api, Clock(), seconds=0.01)
    assert await asyncio.gather(*(groups.of("T1", "U1") for _ in range(5))) == [()] * 5
    assert await groups.of("T1", "U1") == ()
    assert api.calls == 1
    api.go.set()
    await asyncio.wait(groups._calls.values(), timeout=5)
    assert await groups.of("T1", "U1") == ("S1",)
    assert api.calls == 1


async def test_a_stop_ends_a_call_that_hangs() -> None:
    groups = Groups(Slow(), Clock(), seconds=0.01)
    await groups.of("T1", "U1")
    await asyncio.wait_for(groups.stop(), 5)
    assert not groups._calls

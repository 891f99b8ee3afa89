"""The loopback Slack with several workspaces: tokens open their own alone, consent and codes as at Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, ManualClock
from tests.fakes.slack.contracts import SCOPES
from tests.fakes.slack.model import CLIENT_ID, CLIENT_SECRET, Organisation
from tests.fakes.slack.play import Play
from tests.fakes.slack_helpers import why

BACK = "https://bot.test/back"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack:
        slack.consents.redirect_urls = {BACK}
        yield slack


def page(fake: FakeSlack, **other: str) -> str:
    """The address that an app sends people to."""
    asked = {"client_id": CLIENT_ID, "scope": ",".join(SCOPES), "redirect_uri": BACK, "state": "s", **other}
    return f"{fake.url}/oauth/v2/authorize?{urlencode(asked)}"


def code_of(address: str) -> str:
    return dict(parse_qsl(urlsplit(address).query))["code"]


async def exchange(fake: FakeSlack, code: str, **other: str) -> dict[str, object]:
    asked = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": BACK, "code": code, **other}
    found = (await AsyncWebClient(base_url=fake.api_url).oauth_v2_access(**asked)).data
    assert isinstance(found, dict)
    return found


async def installed(fake: FakeSlack, world: Play, *, org_wide: bool = False) -> AsyncWebClient:
    """The app there, and a client with its token."""
    code = code_of(fake.consents.allow(page(fake), world, world.user(), org_wide=org_wide))
    return AsyncWebClient(str((await exchange(fake, code))["access_token"]), base_url=fake.api_url)


async def test_a_token_opens_its_own_workspace_alone(fake: FakeSlack) -> None:
    one, two = fake.workspace("One"), fake.workspace("Two")
    client, other = await installed(fake, one), await installed(fake, two)
    assert client.token != other.token
    assert (await client.auth_test())["team_id"] == one.team
    room, person = two.channel(), two.user()
    assert await why(client.chat_postMessage(channel=room.id, text="x")) == "channel_not_found"
    assert await why(client.users_info(user=person.id)) == "user_not_found"
    assert (await other.chat_postMessage(channel=room.id, text="x"))["ok"]
    assert [call.team for call in fake.calls_of("chat.postMessage")] == [one.team, two.team]


async def test_consent_and_code(fake: FakeSlack) -> None:
    world = fake.workspace("One")
    who = world.user()
    wrongs: list[tuple[dict[str, str], str]] = [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": "commands"}, "scopes of the manifest"),
        ({"redirect_uri": "https://evil.test/"}, "bad_redirect_uri"),
        ({"state": ""}, "no state"),
    ]
    for wrong, said in wrongs:
        with pytest.raises(ValueError, match=said):
            fake.consents.allow(page(fake, **wrong), world, who)
    assert len(fake.violations) == 4
    assert fake.consents.deny(page(fake)) == f"{BACK}?error=access_denied&state=s"
    with pytest.raises(ValueError, match="no organisation"):
        fake.consents.allow(page(fake), world, who, org_wide=True)
    code = code_of(fake.consents.allow(page(fake), world, who))
    assert await why(exchange(fake, code, client_id="1.2")) == "invalid_client_id"
    assert await why(exchange(fake, code, client_secret="x")) == "bad_client_secret"
    assert await why(exchange(fake, code, redirect_uri=f"{BACK}/")) == "bad_redirect_uri"
    found = await exchange(fake, code)
    assert (found["team"], found["enterprise"]) == ({"id": world.team, "name": "One"}, None)
    assert await why(exchange(fake, code)) == "invalid_code"
    late = code_of(fake.consents.allow(page(fake), world, who))
    assert isinstance(fake.clock, ManualClock)
    fake.clock.advance(601)
    assert await why(exchange(fake, late)) == "invalid_code"


async def test_a_removed_app_has_a_dead_token_and_gets_a_new_one(fake: FakeSlack) -> None:
    world = fake.workspace("One")
    client = await installed(fake, world)
    fake.http("http://127.0.0.1:9/")
    await world.uninstall()
    assert await why(client.auth_test()) == "account_inactive"
    with pytest.raises(ValueError, match="not installed"):
        await world.command(world.user(), world.channel())
    assert (await installed(fake, world)).token != client.token


async def test_an_organisation_has_one_token_for_all_its_workspaces(fake: FakeSlack) -> None:
    org = Organisation("E1", "Arts")
    one, two = fake.workspace("One", org), fake.workspace("Two", org)
    client = await installed(fake, one, org_wide=True)
    assert (await client.auth_test())["is_enterprise_install"]
    for world in (one, two):
        assert (await client.chat_postMessage(channel=world.channel().id, text="x"))["ok"]
    assert await why(client.usergroups_list()) == "missing_argument"
    assert (await client.usergroups_list(team_id=two.team))["ok"]
    assert [call.team for call in fake.calls_of("chat.postMessage")] == [one.team, two.team]

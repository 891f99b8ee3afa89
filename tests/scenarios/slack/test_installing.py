"""The way of a workspace to the bot, and those who would take another way."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from bot.slack.install_http import COOKIE
from bot.slack.install_state import SECONDS
from bot.texts import slack_install as texts
from tests.fakes.slack import ManualClock
from tests.fakes.slack.model import CLIENT_ID
from tests.scenarios.slack.conftest import OpenTown
from tests.scenarios.slack.town import BACK, PUBLIC, Town


def state_of(address: str) -> str:
    """The state that an address carries."""
    return dict(parse_qsl(urlsplit(address).query))["state"]


def code_of(address: str) -> str:
    """The code beside it."""
    return dict(parse_qsl(urlsplit(address).query))["code"]


async def test_the_page_asks_for_the_scopes_of_the_manifest_and_marks_the_browser(towns: OpenTown) -> None:
    town = await towns()
    browser = town.browser()
    answer = await browser.opens("/slack/install")
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert answer.headers["location"].startswith(f"{town.fake.url}/oauth/v2/authorize?")
    assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, f"{PUBLIC}{BACK}")
    assert set(asked["scope"].split(",")) == town.fake.scopes
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/bot/slack" in cookie
    assert browser.cookies[COOKIE] not in answer.headers["location"]
    assert answer.headers["cache-control"] == "no-store"


async def test_installed_and_said_so(towns: OpenTown) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters <b>")
    browser = town.browser()
    page = await browser.installs(painters, painters.user("ann"))
    assert page.status_code == 200
    assert "Imagine is in Painters &lt;b&gt;." in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert painters.token not in page.text
    (kept,) = await town.branches._store.all()
    assert (kept.id, kept.token, kept.by) == (painters.team, painters.token, next(iter(painters.users)))
    assert set(kept.scopes) == painters.scopes
    assert "Write /imagine in a channel" in page.text


async def test_refused_by_whoever_was_asked(towns: OpenTown) -> None:
    town = await towns()
    browser = town.browser()
    page = await browser.opens(town.fake.consents.deny(await browser.begins()))
    assert (page.status_code, texts.DENIED in page.text) == (200, True)
    assert f'<a href="{PUBLIC}/slack/install">' in page.text
    await nothing_happened(town)


async def nothing_happened(town: Town) -> None:
    """No installation is kept, and Slack was asked for no token."""
    assert not await town.branches._store.all()
    assert not [call for call in town.fake.calls if call.method == "oauth.v2.access" and call.answer.get("ok")]


async def test_a_forged_state_installs_nothing(towns: OpenTown) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters")
    browser = town.browser()
    back = town.fake.consents.allow(await browser.begins(), painters, painters.user("ann"))
    nonce, until, mark = state_of(back).split(".")
    foreign = state_of(await town.browser().begins()).split(".")
    own = browser.cookies[COOKIE]
    attacks = {
        "none": ("", own),
        "made up": (f"{'0' * 32}.{until}.{'0' * 64}", own),
        "no state at all": ("x" * 5000, own),
        "another's mark": (f"{nonce}.{until}.{foreign[2]}", own),
        "a later end": (f"{nonce}.{int(until) + 1}.{mark}", own),
        "no cookie": (state_of(back), ""),
        "an odd cookie": (state_of(back), "\"';,"),
        "another cookie": (state_of(back), "0" * 32),
    }
    for name, (state, cookie) in attacks.items():
        browser.cookies = {COOKIE: cookie}
        page = await browser.opens(f"{BACK}?{urlencode({'code': code_of(back), 'state': state})}")
        assert (page.status_code, texts.STATES["foreign"] in page.text) == (400, True), name
    assert not town.fake.calls_of("oauth.v2.access")
    await nothing_happened(town)


async def test_an_address_of_another_browser_installs_nothing(towns: OpenTown) -> None:
    """An attacker allows the app in a workspace of his own, and sends his address to somebody."""
    town = await towns()
    mine = town.fake.workspace("Attackers")
    attacker, victim = town.browser(), town.browser()
    back = town.fake.consents.allow(await attacker.begins(), mine, mine.user("eve"))
    begun = await victim.begins()
    page = await victim.opens(back)
    assert (page.status_code, texts.STATES["foreign"] in page.text) == (400, True)
    await nothing_happened(town)
    theirs = town.fake.workspace("Victims")
    own = town.fake.consents.allow(begun, theirs, theirs.user("ann"))
    assert (await victim.opens(own)).status_code == 200, "what the victim had begun goes on"


async def test_an_address_works_once(towns: OpenTown) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters")
    browser = town.browser()
    address = await browser.begins()
    back = town.fake.consents.allow(address, painters, painters.user("ann"))
    assert (await browser.opens(back)).status_code == 200
    again = await browser.opens(back)
    assert (again.status_code, texts.STATES["used"] in again.text, texts.FAILED in again.text) == (400, True, False)
    await town.restart()
    after = await browser.opens(back)
    assert (after.status_code, texts.STATES["used"] in after.text) == (400, True)
    assert len(town.fake.calls_of("oauth.v2.access")) == 1


async def test_an_address_is_over_after_ten_minutes(towns: OpenTown) -> None:
    clock = ManualClock(time.time())
    town = await towns(now=clock)
    painters = town.fake.workspace("Painters")
    browser = town.browser()
    back = town.fake.consents.allow(await browser.begins(), painters, painters.user("ann"))
    clock.now += SECONDS + 1
    page = await browser.opens(back)
    assert (page.status_code, texts.STATES["late"] in page.text) == (400, True)
    await nothing_happened(town)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("invalid_code", texts.SAID["invalid_code"]),
        ("bad_client_secret", texts.SAID["bad_client_secret"]),
        ("<script>", "Slack said: &lt;script&gt;."),
    ],
)
async def test_what_slack_refuses_is_said(towns: OpenTown, trouble: str, said: str) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters")
    town.fake.refuse("oauth.v2.access", trouble)
    page = await town.browser().installs(painters, painters.user("ann"))
    assert page.status_code == 502
    assert said.replace("'", "&#x27;") in page.text
    assert "<script>" not in page.text
    await nothing_happened(town)


async def test_slack_that_is_away_or_silent_is_said(towns: OpenTown) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters")
    who = painters.user("ann")
    town.fake.fail("oauth.v2.access", status=503)
    assert (await town.browser().installs(painters, who)).status_code == 502
    front_timeout(town, 0.05)
    town.fake.hang("oauth.v2.access")
    silent = await town.browser().installs(painters, who)
    assert (silent.status_code, texts.SAID["timeout"] in silent.text) == (502, True)
    await nothing_happened(town)


def front_timeout(town: Town, seconds: float) -> None:
    """Of every call of the front end from now on."""
    make = town.branches._make
    make.config = replace(make.config, timeout=seconds)


async def test_tokens_that_end_by_themselves_are_not_taken(towns: OpenTown) -> None:
    town = await towns()
    painters = town.fake.workspace("Painters")
    town.fake.consents.rotates = True
    page = await town.browser().installs(painters, painters.user("ann"))
    assert (page.status_code, "Token rotation is on" in page.text) == (502, True)
    assert not await town.branches._store.all()


async def test_error_of_the_address_is_believed_only_with_a_state(towns: OpenTown) -> None:
    town = await towns()
    browser = town.browser()
    odd = await browser.opens(f"{BACK}?error=access_denied&state=x")
    assert (odd.status_code, texts.DENIED in odd.text) == (400, False)
    good = state_of(await browser.begins())
    said = await browser.opens(f"{BACK}?{urlencode({'error': '<i>' + 'x' * 500, 'state': good})}")
    assert said.status_code == 400
    assert "&lt;i&gt;xxx" in said.text
    assert "x" * 100 not in said.text
    empty = await browser.opens(f"{BACK}?state={state_of(await browser.begins())}")
    assert (empty.status_code, texts.NO_CODE in empty.text) == (400, True)

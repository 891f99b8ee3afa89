"""The small parts: turns, budget, watch, faults, configuration, manifest."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.errors import StartError
from bot.jobs.chat_port import ChatFault
from bot.slack.config import OAuth, SlackConfig
from bot.slack.faults import SlackFault, guarded, within
from bot.slack.limits import Budget
from bot.slack.manifest import manifest
from bot.slack.refs import permalink
from bot.slack.turns import Turns
from bot.slack.watchdog import Watchdog
from tests.bot.slack.schema import check_manifest
from tests.bot.slack.stub import Clock
from tests.fakes.slack.contracts import SCOPES as CONTRACT_SCOPES
from tests.fakes.slack.contracts import SHORTCUTS


async def test_a_newer_progress_overtakes_one_that_waits() -> None:
    turns, order = Turns(), []
    gate = asyncio.Event()

    async def edit(name: str, *, final: bool = False, wait: bool = False) -> None:
        async with turns.turn("m", final=final) as mine:
            if wait:
                await gate.wait()
            if mine:
                order.append(name)

    tasks = [asyncio.create_task(edit("first", wait=True))]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(edit(name, final=name == "end")) for name in ("old", "new", "end", "late")]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*tasks)
    assert order == ["first", "end"]


async def test_a_failed_end_leaves_the_way_open_and_idle_messages_are_forgotten() -> None:
    turns = Turns(most=2)
    with pytest.raises(RuntimeError):
        async with turns.turn("m", final=True):
            raise RuntimeError
    async with turns.turn("m", final=False) as mine:
        assert mine
        for number in range(5):
            async with turns.turn(str(number), final=True) as other:
                assert other
    async with turns.turn("4", final=False) as mine:
        assert not mine
    async with turns.turn("0", final=False) as mine:
        assert mine


def test_the_budget_is_per_workspace_and_minute() -> None:
    clock = Clock()
    budget = Budget(clock, per_minute=3, kept=1)
    for _ in range(2):
        assert budget.spare("T1")
        budget.count("T1")
    assert not budget.spare("T1")
    assert budget.spare("T2")
    clock.now += 60
    assert budget.spare("T1")
    budget.cool("T1", 5)
    assert (budget.spare("T1"), budget.pause("T1"), budget.pause("T2")) == (False, 5.0, 0.0)


class FakeSocket:
    def __init__(self) -> None:
        self.sound = True
        self.opened = 0
        self.called = asyncio.Event()
        self.error: SlackFault | None = None

    async def open(self) -> None:
        self.opened += 1
        self.called.set()
        if self.error:
            raise self.error
        self.sound = True


async def test_the_watchdog_replaces_a_silent_socket_and_does_not_give_up() -> None:
    socket = FakeSocket()
    dog = Watchdog(socket, seconds=0.0, patience=3)
    await dog.look()
    socket.sound = False
    socket.error = SlackFault("timeout")
    for _ in range(2):
        await dog.look()
    assert socket.opened == 0
    await dog.look()
    await dog.look()
    assert socket.opened == 2
    socket.error = None
    await dog.look()
    assert (socket.opened, socket.sound) == (3, True)


async def test_the_watchdog_keeps_away_for_as_long_as_slack_asks() -> None:
    """apps.connections.open may be one a minute."""
    socket, clock = FakeSocket(), Clock()
    dog = Watchdog(socket, seconds=0.0, patience=1, clock=clock)
    socket.sound, socket.error = False, SlackFault("ratelimited", retry_after=60.0)
    for _ in range(4):
        await dog.look()
        clock.now += 15
    assert socket.opened == 1
    socket.error = None
    await dog.look()
    assert (socket.opened, socket.sound) == (2, True)


async def test_the_watch_goes_on_by_itself_until_it_is_stopped() -> None:
    socket = FakeSocket()
    socket.sound = False
    dog = Watchdog(socket, seconds=0.0, patience=1)
    dog.start()
    await asyncio.wait_for(socket.called.wait(), 5)
    await dog.stop()
    assert dog._task is not None
    assert dog._task.done()


async def test_every_way_to_fail_is_a_fault() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    async def reset() -> None:
        raise aiohttp.ServerDisconnectedError

    with pytest.raises(SlackFault) as slow:
        await guarded(never(), 0.01)
    with pytest.raises(SlackFault, match="timeout"):
        async with within(0.01):
            await guarded(never(), 5)
    with pytest.raises(SlackFault) as broken:
        await guarded(reset(), 1)
    assert (slow.value.code, slow.value.fault) == ("timeout", ChatFault.BROKEN)
    assert (broken.value.code, broken.value.fault) == ("unreachable", ChatFault.BROKEN)


def test_a_configuration_says_what_is_wrong_and_hides_tokens() -> None:
    with pytest.raises(StartError, match="SLACK_APP_TOKEN"):
        SlackConfig("xoxb-1")
    with pytest.raises(StartError, match="SLACK_COMMAND"):
        SlackConfig("xoxb-1", "xapp-1", command="imagine")
    config = SlackConfig("xoxb-1", "xapp-1", "shh", api_url="http://127.0.0.1:5/api")
    assert (config.api_url, config.host) == ("http://127.0.0.1:5/api/", "127.0.0.1:5")
    assert not any(secret in repr(config) for secret in ("xoxb-1", "xapp-1", "shh"))


@pytest.mark.parametrize("url", [None, "https://bot.example.com/slack/events"])
def test_the_manifest_is_one_that_slack_accepts(url: str | None) -> None:
    made = manifest("/paint", url)
    check_manifest(made)
    assert made["settings"]["socket_mode_enabled"] is (url is None)
    assert made["features"]["slash_commands"][0]["command"] == "/paint"
    assert made["oauth_config"]["scopes"]["bot_optional"] == ["usergroups:read"]
    assert set(made["oauth_config"]["scopes"]["bot"]) == CONTRACT_SCOPES
    offered = {shortcut["callback_id"]: shortcut["type"] for shortcut in made["features"]["shortcuts"]}
    assert offered == SHORTCUTS
    assert made["features"]["slash_commands"][0]["should_escape"] is True
    assert (url in str(made)) if url else ("url" not in made["features"]["slash_commands"][0])


def test_many_workspaces_need_a_redirect_url_and_are_told_who_leaves() -> None:
    made = manifest(redirect_url="https://bot.example.com/slack/oauth_redirect")
    check_manifest(made)
    assert made["oauth_config"]["redirect_urls"] == ["https://bot.example.com/slack/oauth_redirect"]
    assert made["settings"]["event_subscriptions"]["bot_events"] == ["app_mention", "app_uninstalled", "tokens_revoked"]
    assert made["settings"]["org_deploy_enabled"]
    assert not made["settings"]["token_rotation_enabled"]
    one = manifest()
    assert "redirect_urls" not in one["oauth_config"]
    assert one["settings"]["event_subscriptions"]["bot_events"] == ["app_mention"]
    assert not one["settings"]["org_deploy_enabled"]


def test_many_workspaces_are_configured_whole_or_not_at_all() -> None:
    many = OAuth("1.2", "shhh", "https://bot.example.com/x/", b"key", "https://slack-gov.com/api/")
    assert many.redirect_url == "https://bot.example.com/x/slack/oauth_redirect"
    assert many.authorize_url == "https://slack-gov.com/oauth/v2/authorize"
    assert "shhh" not in repr(many)
    assert "key" not in repr(many).replace("state_key", "")
    with pytest.raises(StartError, match="exclude each other"):
        SlackConfig("xoxb-1", "xapp-1", oauth=many)
    with pytest.raises(StartError, match="SLACK_BOT_TOKEN"):
        SlackConfig(None, "xapp-1")
    with pytest.raises(StartError, match="must begin with https://"):
        OAuth("1.2", "shhh", "http://bot.example.com", b"key")
    assert OAuth("1.2", "shhh", "http://localhost:8080", b"key").install_url == "http://localhost:8080/slack/install"


def test_a_link_is_slacks_own() -> None:
    assert (
        permalink("https://t.slack.com/", "C1", "1700000000.000100") == "https://t.slack.com/archives/C1/p1700000000000100"
    )

"""The private pages: /info, /settings, /help, "Show details"; and one's own defaults at work."""

from __future__ import annotations

import pytest

from bot.jobs.styles import STYLES
from tests.fakes.slack import Message
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, Workspace, find, words


def shows(message: Message, *parts: str) -> bool:
    """Whether all of it can be read."""
    return all(part in words(message) for part in parts)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_words_behind_the_command(opens: Open, mode: str) -> None:
    slack = await opens(mode=mode)
    await slack.drawn()
    await slack.asks("info")
    assert shows(await slack.said(), "Left today", "96 of 100", "00:00 UTC", "0 of 3", "0 of 10")
    await slack.asks("Help")
    assert shows(await slack.said(), "/imagine admin", "--ar", "--seed", "/imagine settings", "U1-U4")
    await slack.asks("settings")
    assert shows(await slack.said(), "Provider", "Ratio", "not set")
    assert len(slack.fake.messages(slack.art)) == 1
    await slack.drawn("settings of a jewel")


async def test_settings_are_kept_and_used(slack: Workspace) -> None:
    await slack.asks("settings")
    page = await slack.said()
    await slack.fake.press(slack.ann, page, "i1:setting:ratio:0", "=16:9")
    await slack.fake.until(lambda: shows(page, "Ratio:  16:9"), WITHIN)
    await slack.fake.press(slack.ann, page, "i1:setting:suffix:0")
    (view,) = await slack.fake.until(lambda: slack.fake.opened_views, 5)
    await slack.fake.submit(slack.ann, view, {"f:suffix": "soft light --seed 12"})
    await slack.fake.until(lambda: shows(page, "soft light --seed 12"), WITHIN)
    await slack.fake.press(slack.ann, page, "i1:setting:style:0", page.blocks[3]["elements"][0]["options"][1]["value"])
    await slack.fake.until(lambda: page.edits == 3, WITHIN)
    assert len(slack.fake.ephemerals) == 1
    job = await slack.job(await slack.drawn("a red fox"))
    assert (job.request.params.ratio, job.request.params.seed) == ("16:9", 12)
    assert "soft light" in job.request.text
    assert job.request.params.style
    other = await slack.job(await slack.drawn("a red fox", slack.bob))
    assert (other.request.params.ratio, other.request.text) == ("", "a red fox")


async def test_a_suffix_that_would_break_every_prompt_is_refused(slack: Workspace) -> None:
    await slack.asks("settings")
    page = await slack.said()
    await slack.fake.press(slack.ann, page, "i1:setting:suffix:0")
    (view,) = await slack.fake.until(lambda: slack.fake.opened_views, 5)
    await slack.fake.submit(slack.ann, view, {"f:suffix": "--chaos 900"})
    assert shows(await slack.said(), "0", "100")
    await slack.drawn("a red fox")


async def test_ping_when_done(slack: Workspace) -> None:
    await slack.asks("settings")
    page = await slack.said()
    await slack.fake.press(slack.ann, page, "i1:setting:ping:0")
    await slack.fake.until(lambda: shows(page, "Stop pinging me"), WITHIN)
    grid = await slack.drawn("a red fox")
    ping = (await slack.fake.until(lambda: slack.fake.messages(slack.art)[1:], WITHIN))[0]
    assert {"type": "user", "user_id": slack.ann.id} in ping.blocks[0]["elements"][0]["elements"]
    assert grid.ts.replace(".", "") in str(ping.blocks)
    await slack.drawn("a red fox", slack.bob)
    assert len(slack.fake.messages(slack.art)) == 3


async def test_details(sketched: Workspace) -> None:
    slack = sketched
    grid = await slack.drawn("a red fox --seed 5 --no people")
    await slack.press(grid, "details", 0, slack.bob)
    page = await slack.said(slack.bob)
    assert shows(page, "a red fox --seed 5 --no people", "5, 6, 7, 8", "sketch", "0.0000 USD", "delivered")
    large = await slack.child(grid, "upscale", 1)
    await slack.press(large, "details")
    assert grid.ts.replace(".", "") in str((await slack.said()).blocks)
    assert find(large, "delete")


async def test_commands_are_called_as_they_are_here(opens: Open) -> None:
    """By the name that the operator gave the one command: help, the guide, and the list of styles."""
    slack = await opens(settings={"SLACK_COMMAND": "/draw"})
    fake = slack.fake
    for text, parts in {
        "help": ("/draw info", "/draw style", "/draw admin", "/draw privacy"),
        "admin": ("Everybody can draw right away: type /draw and",),
        "style": (f"a lighthouse --style {next(iter(STYLES))}",),
    }.items():
        before = len(fake.ephemerals)
        await (await fake.command(slack.chief, slack.art, text, "/draw")).acked()
        page = (await fake.until(lambda count=before: fake.ephemerals[count:], WITHIN))[0]  # type: ignore[misc]
        assert shows(page, *parts)
        assert "/imagine" not in words(page)

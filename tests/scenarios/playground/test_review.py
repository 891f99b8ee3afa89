"""What waits for a moderator: held wishes, flagged pictures, reports, blocks; seen from both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy.records import What
from bot.texts import desk
from bot.texts import review as texts
from bot.wiring import Bot
from tests.fakes.moderation import NUDE, ScriptedModeration
from tests.scenarios.playground.people import Message, Town, labels, prompt_notices, town, words
from tests.support.core import Clock

pytestmark = pytest.mark.slow
"""The same story is played on Discord in the short form."""

WAITS = "waits for a moderator"
REVIEWED = {"review_channel": "moderators", "log_channel": "moderators"}


def controls(message: Message, label: str) -> str:
    return str(next(item["control"] for row in message["card"]["rows"] for item in row if item["label"] == label))


async def test_everything_waits_and_a_restart_changes_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.robin.sets("review", review="everything", **REVIEWED)
        held = await here.kim.says("/imagine a green hill")
        await here.message(held, "waiting", WAITS)
        other = await here.kim.says("/imagine a grey hill")
        card = await here.robin.sees("User: Kim (", "everything is reviewed here", title="a grey hill", channel="moderators")
        assert "• held: a green hill" in words(card)
        assert labels(card) == ["Approve", "Reject", "Reject and block", "Person"]
        assert card["card"]["links"][0]["url"] == f"/#m-{other['message_id']}"
        assert not any("green" in words(one) and one["channel"] == "moderators" for one in await here.kim.reads())
        assert await here.kim.used() == 8, "reserved until somebody decides"
    async with town(tmp_path) as here:
        await decided(here, held, other)


async def decided(here: Town, held: dict[str, object], other: dict[str, object]) -> None:
    robin, rival, kim = here.robin, here.max, here.kim
    card = await robin.sees("Why it waits", title="a green hill", channel="moderators")
    reply = await robin.press(card, "Approve")
    assert "Approved by" in words(reply["message"])
    late = await rival.control(card, controls(card, "Approve"))
    await rival.refused(late, "Robin", "was faster: this is decided already (approved).")
    await here.drawn(held)
    card = await robin.sees("Why it waits", title="a grey hill", channel="moderators")
    shown = await robin.fills(card, await robin.press(card, "Reject"), reason="no grey things")
    assert "Rejected by Robin" in words(shown["message"])
    assert labels(shown["message"]) == []
    await kim.sees("no grey things", private=True)
    ended = await here.message(other, "failed")
    assert "no grey things" not in words(ended), "the reason is Kim's alone"
    assert await kim.used() == 4
    assert [one.what for one in await here.entries(What.APPROVED, What.REJECTED)] == [What.REJECTED, What.APPROVED]
    await robin.sets("review", review="new_users", review_first="1")
    await here.kim.draws("/imagine known by now")
    await here.message(await here.sasha.says("/imagine my first"), "waiting", WAITS)
    await robin.sees("a new user", title="my first", channel="moderators")
    queue = await robin.asks("/imagine-admin review")
    assert "1. my first · Sasha (" in words(queue)
    looked = (await robin.press(queue, "1 Look"))["message"]
    assert "a new user" in words(looked)
    queue = await robin.turns(queue, "1 Approve")
    assert texts.NOTHING_OPEN in words(queue)
    await here.sasha.sees("the fake", title="my first")


async def test_a_flagged_picture_is_held_or_covered(tmp_path: Path) -> None:
    moderation = ScriptedModeration(says=NUDE, texts=False)

    def prepare(bot: Bot) -> None:
        prompt_notices(bot)
        bot.house.moderation = moderation

    async with town(tmp_path, prepare=prepare) as here:
        await here.robin.sets("review", review="flagged", **REVIEWED)
        asked = await here.kim.says("/imagine a statue")
        card = await here.robin.sees("a statue", "a picture was flagged (sexual", channel="moderators")
        assert card["card"]["pictures"][0]["spoiler"]
        assert (await here.robin.picture(card)).status_code == 200
        assert (await here.kim.picture(card)).status_code == 404
        await here.message(asked, "waiting", WAITS)
        await here.robin.press(card, "Approve")
        shown = await here.drawn(asked)
        assert not shown["card"]["pictures"][0]["spoiler"]
        await here.robin.sets("content", flagged="spoiler")
        covered = await here.drawn(await here.kim.says("/imagine another statue"))
        assert covered["card"]["pictures"][0]["spoiler"]


async def test_reports_hide_and_moderators_delete_and_block(tmp_path: Path) -> None:
    clock = Clock()
    async with town(tmp_path, clock=clock) as here:
        await here.robin.sets("review", reports_hide="2", **REVIEWED)
        result = await here.kim.draws("/imagine a rude hat")
        card = await reported(here, result)
        shown = await here.robin.press(card, "Let it stand")
        assert "Approved by Robin" in words(shown["message"])
        result = await here.drawn({"kind": "placeholder", "message_id": result["id"]})
        await deleted(here, result)
        await blocked(here, clock)


async def reported(here: Town, result: Message) -> Message:
    """Twice by one person is one report; the second person's hides it."""
    control = f"i1:report:{result['job']}:0"
    for reason in ("it is rude", "it really is"):
        thanks = await here.sasha.fills(result, await here.sasha.control(result, control), reason=reason)
        assert texts.REPORTED in words(thanks["message"])
    assert (await here.sasha.reads())[0]["card"]["pictures"]
    thanks = await here.max.fills(result, await here.max.control(result, control), reason="a hat")
    assert texts.REPORTED_HIDDEN in words(thanks["message"])
    hidden = await here.kim.sees("Hidden after reports")
    assert (hidden["id"], hidden["card"]["pictures"]) == (result["id"], [])
    assert (await here.kim.picture(result)).status_code == 404
    card = await here.robin.sees("a rude hat", "people have reported it", "a hat", channel="moderators")
    assert "rude" in words(card)
    assert labels(card)[:3] == ["Let it stand", "Delete it", "Delete and block"]
    assert card["card"]["pictures"][0]["spoiler"]
    return card


async def deleted(here: Town, result: Message) -> None:
    key = result["card"]["pictures"][0]["picture"]["key"]
    moderate = f"i1:moderate:{result['job']}:0"
    await here.kim.refused(await here.kim.control(result, moderate), desk.NOT_MODERATOR)
    page = (await here.robin.control(result, moderate))["message"]
    assert "User: Kim (" in words(page)
    page = await here.robin.turns(page, "Delete result")
    assert desk.DELETED in words(page)
    await here.gone(result, key)
    entry = await here.robin.sees("deleted by a moderator", "Kim (", channel="moderators")
    assert "Block user" in labels(entry)


async def blocked(here: Town, clock: Clock) -> None:
    """From the log entry, for a time; the person page lifts it."""
    entry = await here.robin.sees("deleted by a moderator", channel="moderators")
    opened = await here.robin.press(entry, "Block user")
    page = (await here.robin.fills(entry, opened, hours="2", reason="no rude hats"))["message"]
    assert page["private"]
    assert "Blocked for 2 hours: no rude hats." in words(page)
    told = await here.kim.refused(await here.kim.says("/imagine a hat"), "You are blocked from drawing here until ")
    assert "The reason: no rude hats." in words(told)
    page = await here.robin.turns(page, "Unblock")
    assert desk.LIFTED in words(page)
    await here.kim.draws("/imagine a hat")
    opened = await here.robin.press(page, "Block")
    await here.robin.fills(page, opened, hours="1", reason="")
    await here.kim.refused(await here.kim.says("/imagine two hats"), "You are blocked")
    clock.ahead += 3601
    await here.kim.draws("/imagine two hats")

"""The review queue, flagged pictures, reports and blocks: from the member's message to the moderators' card and back."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs.model import JobState
from bot.policy.records import What
from bot.wiring import Bot
from tests.fakes.moderation import CLEAR, NUDE, ScriptedModeration
from tests.fakes.slack import Message, User
from tests.scenarios.slack.community import KEY, Desk, control, prompt_notices, staffed
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WITHIN, controls, words
from tests.support.wait import eventually

pytestmark = pytest.mark.slow
"""The same story is played on Discord in the short form."""

REPORT, MODERATE = "report_picture", "moderate_picture"


async def test_everything_waits_for_a_moderator(opens: Open) -> None:
    desk = await staffed(opens)
    slack, fake = desk.slack, desk.slack.fake
    await slack.drawn("a red fox")
    await desk.set("place", moderators=[desk.mods])
    await desk.set("review", review="everything")
    waiting = await desk.held("a blue fox")
    assert controls(waiting) == [("cancel", 0)]
    card = await desk.stands(desk.reviews, "a blue fox", "everything is reviewed here", "ann (", "• delivered: a red fox")
    other = await desk.held("a green fox")  # whose card tells of the blue one, too
    await desk.told()
    await slack.restart()
    second = await desk.stands(desk.reviews, "a green fox")
    assert len(fake.messages(desk.reviews)) == 2, "a restart asks nothing twice"
    approve, reject = control(card, "review", 1), control(second, "review", 2)
    await fake.press(slack.ann, card, approve)
    assert "Only moderators" in words(await slack.said())

    heard = list(fake.ephemerals)
    await asyncio.gather(desk.press(card, approve, user=desk.mia), desk.press(card, approve, user=slack.chief))
    await slack.shown(waiting)
    (late,) = await fake.until(lambda: fake.ephemerals[len(heard) :], WITHIN)
    winner, loser = ("mia", slack.chief) if late.to == slack.chief.id else ("chief", desk.mia)
    assert f"{winner} was faster: this is decided already (approved)." in words(await slack.said(loser))
    await fake.until(lambda: f"Approved by {winner}" in words(card) and not card.action_ids, WITHIN)
    assert await desk.count(What.APPROVED) == 1, "one of two wins"

    view = await desk.form(second, reject)
    await desk.send(view, reason="No foxes on Mondays")
    await slack.ends(other, JobState.REFUSED)
    private = await slack.said()
    assert all(part in words(private) for part in ("a green fox", "A moderator did not agree", "No foxes on Mondays"))
    assert "No foxes on Mondays" not in words(other), "the reason is for the one who asked"
    await fake.until(lambda: "Rejected by chief: No foxes on Mondays" in words(second), WITHIN)
    assert await slack.used() == 8, "the rejected one is refunded"
    assert not other.pictures
    assert (await desk.count(What.APPROVED), await desk.count(What.REJECTED)) == (1, 1)

    await desk.set("review", review="new_users", review_first="1")
    await slack.drawn("a grey fox")
    fresh = await desk.held("my first picture", slack.bob)
    assert "Their first job here." in words(await desk.stands(desk.reviews, "my first picture", "a new user"))
    page = await desk.page("admin review", desk.mia)
    assert "1. my first picture · bob (" in words(page)
    view = await desk.form(page, control(page, "review", 13), desk.mia)
    await desk.send(view, desk.mia, hours="2", reason="Not here")
    await slack.ends(fresh, JobState.REFUSED)
    assert "blocked: Not here" in words(await slack.said(slack.bob))
    await desk.refused("again", "You are blocked from drawing here until", "Not here", user=slack.bob)
    assert "Nothing waits for a moderator" in words(page)


async def test_a_cancelled_job_needs_no_moderator_any_more(opens: Open) -> None:
    desk = await staffed(opens)
    slack = desk.slack
    await desk.set("review", review="everything")
    waiting = await desk.held("a blue fox")
    card = await desk.stands(desk.reviews, "a blue fox")
    await slack.press(waiting, "cancel")
    await slack.ends(waiting, JobState.CANCELLED)
    await slack.fake.until(lambda: "No longer needed" in words(card) and not card.action_ids, WITHIN)
    assert await slack.used() == 0


async def test_flagged_pictures_wait_or_are_covered(opens: Open) -> None:
    moderation = ScriptedModeration(CLEAR)

    def prepare(bot: Bot) -> None:
        prompt_notices(bot)
        bot.house.moderation = moderation

    desk = await staffed(opens, prepare=prepare)
    slack, fake = desk.slack, desk.slack.fake
    moderation.of["a bare fox"] = CLEAR
    moderation.says = NUDE
    await desk.refused("a nude fox", "The automatic moderation takes your prompt for sexual content")
    waiting = await desk.held("a bare fox", state=JobState.REVIEW)
    assert not waiting.pictures
    assert "drawn; waits for a moderator" in words(waiting)
    card = await desk.stands(desk.reviews, "a bare fox", "a picture was flagged (sexual)", "the picture is in the thread")
    cover = await desk.cover(card)
    assert not card.pictures, "moderators open the thread to see it"
    await desk.told()
    await slack.restart()
    await desk.press(card, control(card, "review", 1))
    await slack.shown(waiting)
    await fake.until(lambda: cover.deleted and "Approved by chief" in words(card), WITHIN)

    page = await desk.set("content", flagged="spoiler")
    assert "A flagged picture: is held for review → is shown as a spoiler" in words(page)
    shown = await slack.placed("a bare fox", slack.bob)
    job = await slack.ends(await slack.kept(shown), JobState.DELIVERED)
    assert job.spoiler
    assert not shown.pictures
    assert "Marked as sensitive" in words(shown)
    assert (await desk.cover(shown)).pictures


async def test_two_reports_hide_a_result_until_a_moderator_has_looked(opens: Open) -> None:
    desk = await staffed(opens, mode="http")
    slack, fake = desk.slack, desk.slack.fake
    await desk.set("place", moderators=[desk.mods])
    await desk.set("review", reports_hide="2")
    cora = fake.user("cora")
    grid = await slack.drawn("a rude fox")
    await _report(desk, grid, slack.bob, "this is rude")
    assert "the moderators have been told." in words(await slack.said(slack.bob))
    card = await desk.stands(desk.reviews, "a rude fox", "people have reported it", "this is rude", "Open the message")
    assert grid.ts.replace(".", "") in str(card.blocks)
    assert grid.pictures
    await _report(desk, grid, slack.bob, "really rude")
    await slack.said(slack.bob)
    assert grid.pictures, "one person counts once"
    await _report(desk, grid, cora, "not for work")
    assert "hidden until they have looked at it" in words(await slack.said(cora))
    await fake.until(lambda: not grid.pictures, WITHIN)
    assert "Hidden after reports" in words(grid)
    assert controls(grid) == [("details", 0)]
    await fake.until(lambda: "not for work" in words(card), WITHIN)
    await desk.press(card, control(card, "review", 1), user=desk.mia)
    await fake.until(lambda: grid.pictures, WITHIN)
    assert "Hidden" not in words(grid)
    assert controls(grid)[0] == ("upscale", 1)
    await fake.until(lambda: "Approved by mia" in words(card), WITHIN)

    other = await slack.drawn("a cruder fox")
    for user in (slack.bob, cora):
        await _report(desk, other, user, "no")
        await slack.said(user)
    await fake.until(lambda: not other.pictures, WITHIN)
    card = await desk.stands(desk.reviews, "a cruder fox")
    view = await desk.form(card, control(card, "review", 2), desk.mia)
    key = (await slack.job(other)).pictures[0].key
    await desk.send(view, desk.mia, reason="not here")
    await fake.until(lambda: other.deleted, WITHIN)
    await _gone(desk, key)
    await fake.until(lambda: "Rejected by mia: not here" in words(card), WITHIN)

    third = await slack.drawn("the crudest fox")
    await _report(desk, third, slack.bob, "no")
    await slack.said(slack.bob)
    card = await desk.stands(desk.reviews, "the crudest fox")
    await slack.press(third, "delete")
    assert "Deleted." in words(await slack.said())
    await fake.until(lambda: "No longer needed" in words(card) and not card.action_ids, WITHIN)
    assert not await slack.bot.house.policy.open_reviews(KEY), "what its requester deleted asks nobody any more"


async def test_a_moderator_acts_from_the_log_and_from_a_picture(opens: Open) -> None:
    desk = await staffed(opens)
    slack, fake = desk.slack, desk.slack.fake
    await desk.set("place", moderators=[desk.mods])
    grid = await slack.drawn("a rude fox")
    large = await slack.child(grid, "upscale", 1)
    entry = await desk.stands(desk.log, "ann (", "imagine: a rude fox")
    key = (await slack.job(grid)).pictures[0].key
    await desk.press(entry, control(entry, "moderate", 11), user=desk.mia)
    said = await slack.said(desk.mia)
    assert all(part in words(said) for part in ("Deleted.", "a rude fox", "ann ("))
    await fake.until(lambda: grid.deleted, WITHIN)
    await _gone(desk, key)
    assert not large.deleted
    await desk.stands(desk.log, "deleted", "by mia")

    view = await desk.form(entry, control(entry, "person", 11), desk.mia)
    await desk.send(view, desk.mia, hours="24", reason="Be kind")
    page = await slack.said(desk.mia)
    assert "Blocked for 24 hours: Be kind" in words(page)
    await desk.refused("a blue fox", "You are blocked from drawing here until", "UTC. The reason: Be kind.")
    await slack.press(large, "variation", 1)
    assert "Be kind" in words(await slack.said()), "buttons pass the same gate"
    await desk.told()
    await slack.restart()
    await desk.refused("a blue fox", "Be kind")
    await desk.turn(page, control(page, "person", 2), user=desk.mia)
    assert "Unblocked." in words(page)
    blue = await slack.drawn("a blue fox")
    await slack.press(blue, "delete", user=slack.bob)
    assert "may delete this" in words(await slack.said(slack.bob))
    await slack.press(blue, "delete", user=desk.mia)
    assert "Deleted." in words(await slack.said(desk.mia)), "the group that the settings name may do so by the button, too"
    await fake.until(lambda: blue.deleted, WITHIN)

    await fake.shortcut(slack.bob, large, MODERATE)
    assert "Only moderators" in words(await slack.said(slack.bob))
    await fake.shortcut(desk.mia, large, MODERATE)
    about = await slack.said(desk.mia)
    assert all(part in words(about) for part in ("a rude fox", "ann (", "delivered", "0.0"))
    await desk.turn(about, control(about, "moderate", 1), user=desk.mia)
    assert "Deleted." in words(about)
    await fake.until(lambda: large.deleted, WITHIN)
    await fake.shortcut(slack.bob, fake.say(slack.ann, slack.art, "look"), REPORT)
    assert "no picture of mine" in words(await slack.said(slack.bob))
    await desk.stands(desk.log, "unblocked", "by mia")
    names = [(one.what, one.name) for one in await desk.entries(What.DELETED, What.BLOCKED, What.UNBLOCKED)]
    whats = (What.DELETED, What.DELETED, What.UNBLOCKED, What.BLOCKED, What.DELETED)
    assert names == [(what, "mia") for what in whats]


async def _report(desk: Desk, message: Message, user: User, reason: str) -> None:
    await desk.slack.fake.shortcut(user, message, REPORT)
    (view,) = await desk.slack.fake.until(desk.open, WITHIN)
    await desk.send(view, user, reason=reason)


async def _gone(desk: Desk, key: str) -> None:
    """The stored picture is deleted, too."""

    async def there() -> bool:
        try:
            await desk.slack.bot.house.pictures.get(key)
        except KeyError:
            return True
        return False

    await eventually(there, WITHIN)

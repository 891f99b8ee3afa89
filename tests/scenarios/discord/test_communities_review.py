"""The review queue: what waits, what moderators see of it, and what becomes of it; flagged pictures."""

from __future__ import annotations

from pathlib import Path

from bot.jobs.model import JobState
from bot.policy.community import Flagged, ReviewMode
from bot.policy.records import What
from bot.texts import review as texts
from tests.fakes.discord import FakeInteraction, Message
from tests.fakes.moderation import CLEAR, NUDE, ScriptedModeration
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.guild_desk import Desk, facts, open_desk
from tests.scenarios.discord.server import opened, private

SAID = "waits for a moderator"


async def test_the_review_queue(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await desk.set(review=ReviewMode.EVERYTHING)
        await approved(desk, easel)
        await rejected(desk, easel)
        await held_over_a_restart(desk, easel)
        await cancelled(desk)
        await new_people_only(desk)
        await rejected_and_blocked(desk)


async def held(desk: Desk, prompt: str, **more: object) -> tuple[Message, Message]:
    """The placeholder of a job that waits, and its card."""
    shown = await desk.server.placed(prompt, **more)
    await desk.server.reaches(shown, JobState.HELD)
    await desk.turned(shown, lambda text: SAID in text)
    return shown, await desk.card(desk.team, f"**{prompt}**", texts.WHY)


async def approved(desk: Desk, easel: Easel) -> None:
    server = desk.server
    shown, card = await held(desk, "a red fox")
    assert "ann (" in card.text
    assert texts.NO_HISTORY in card.text
    assert texts.CAUSES["everything"] in card.text
    assert easel.paid == {}
    await desk.refused(await desk.press(server.bob, card, texts.APPROVE), "Only moderators")
    first = desk.fake.press(desk.mo, card, card.button(texts.APPROVE))
    second = desk.fake.press(desk.max, card, card.button(texts.APPROVE))
    told = await server.until(lambda: next((one for one in shown_to(first, second) if one.ephemeral), None))
    assert told
    winner = "mo" if told.viewer is desk.max else "max"
    assert told.text == f"{winner} was faster: this is decided already (approved)."
    await desk.turned(card, lambda text: f"Approved by {winner}" in text)
    assert not [one for one in card.buttons if "custom_id" in one]
    assert opened(await server.finished(shown))
    assert len(easel.paid) == 1
    [entry] = await desk.entries(What.APPROVED)
    assert entry.name == winner


async def rejected(desk: Desk, easel: Easel) -> None:
    server = desk.server
    shown, card = await held(desk, "a real person")
    assert texts.BEFORE in card.text
    assert "delivered: a red fox" in card.text
    assert await server.used() == 8
    form = await desk.press(desk.mo, card, texts.REJECT)
    await desk.fill(desk.mo, form, reason="no real people here")
    await desk.turned(card, lambda text: "Rejected by mo: no real people here" in text)
    await server.ends(shown, JobState.REFUSED)
    assert not shown.images
    assert "A moderator did not agree" in shown.text
    assert len(easel.paid) == 1
    assert await server.used() == 4


async def held_over_a_restart(desk: Desk, easel: Easel) -> None:
    """Decided on the queue's page."""
    server = desk.server
    shown, card = await held(desk, "a blue whale")
    await server.restart()
    page = await desk.admin("review")
    assert "1. a blue whale · ann (" in facts(page)
    await desk.press(desk.ada, page, f"1 {texts.APPROVE}")
    await desk.turned(page, lambda text: texts.NOTHING_OPEN in text)
    await desk.turned(card, lambda text: "Approved by ada" in text)
    await server.finished(shown)
    assert len(easel.paid) == 2


async def cancelled(desk: Desk) -> None:
    """By the one who asked: there is nothing to decide any more, and a late press is told so."""
    server = desk.server
    before = await server.used()
    shown, card = await held(desk, "never mind")
    button = card.button(texts.APPROVE)
    await server.press(shown, "Cancel")
    await server.ends(shown, JobState.CANCELLED)
    await desk.turned(card, lambda text: texts.DECIDED["withdrawn"] in text)
    assert await server.used() == before
    late = await private(await server.forged(card, button, desk.mo))
    assert "needs no decision any more" in late.text


async def new_people_only(desk: Desk) -> None:
    """Ann has two deliveries and is known after two; bob is new; a moderator's own never waits."""
    await desk.set(review=ReviewMode.NEW_USERS, review_first=2)
    await desk.server.drawn("known by now")
    await desk.server.drawn("a moderator's own", user=desk.mo)


async def rejected_and_blocked(desk: Desk) -> None:
    server, bob = desk.server, desk.server.bob
    shown, card = await held(desk, "something ugly", user=bob)
    assert texts.CAUSES["new_user"] in card.text
    form = await desk.press(desk.mo, card, texts.BLOCK)
    await desk.fill(desk.mo, form, hours="2", reason="ugly things")
    await desk.turned(card, lambda text: "Rejected by mo: blocked: ugly things" in text)
    await server.ends(shown, JobState.REFUSED)
    await desk.refused(await server.imagine("let me", user=bob), "You are blocked", "ugly things", "UTC")


async def test_flagged_pictures(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await desk.set()
        server, scripted = desk.server, ScriptedModeration(NUDE)
        scripted.of = {"a nude": NUDE, "a fox": CLEAR, "a bear": CLEAR, "a crow": CLEAR}
        server.bot.house.moderation = scripted
        await desk.refused(await server.imagine("a nude"), "sexual content", "not drawn here")
        assert easel.paid == {}
        shown = await server.placed("a fox")
        await server.reaches(shown, JobState.REVIEW)
        await desk.turned(shown, lambda text: "drawn; waits for a moderator" in text)
        card = await desk.card(desk.team, "**a fox**", texts.CAUSES["picture"], "sexual")
        assert shown.images == []
        assert opened(card)
        assert all(item["spoiler"] for item in gallery(card))
        await desk.press(desk.mo, card, texts.APPROVE)
        await server.finished(shown)
        assert [item["spoiler"] for item in gallery(shown)] == [False]
        await desk.turned(card, lambda text: "Approved by mo" in text)
        await server.until(lambda: not card.images)

        second = await server.placed("a bear")
        card = await desk.card(desk.team, "**a bear**")
        await desk.fill(desk.mo, await desk.press(desk.mo, card, texts.REJECT), reason="not here")
        await server.ends(second, JobState.REFUSED)
        assert await server.used() == 4
        job = await server.job(second)
        assert not [file for file in desk.pictures() if job.id in str(file)]

        await desk.set(flagged=Flagged.SPOILER)
        third = await server.drawn("a crow")
        assert [item["spoiler"] for item in gallery(third)] == [True]
        assert [entry.job_id for entry in await desk.entries(What.FLAGGED)][:1] == [(await server.job(third)).id]


def shown_to(*asked: FakeInteraction) -> list[Message]:
    """Messages that these interactions have made."""
    return [shown for one in asked for shown in (one.message, *one.followups) if shown]


def gallery(message: Message) -> list[dict[str, bool]]:
    """Items of the media galleries."""
    (container,) = message.components
    found = [part for part in container["components"] if part["type"] == 12]
    return [{"spoiler": bool(item.get("spoiler"))} for part in found for item in part["items"]]

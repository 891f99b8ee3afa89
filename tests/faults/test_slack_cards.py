"""Slack fails while moderators are told: their card stands, and stands once."""

from __future__ import annotations

from dataclasses import replace

from bot.jobs.model import JobState
from bot.wiring import Bot
from tests.fakes.moderation import CLEAR, NUDE, ScriptedModeration
from tests.faults.test_slack import front_of
from tests.scenarios.slack.community import control, prompt_notices, staffed
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import WAITS, WITHIN


async def test_a_review_card_whose_picture_is_never_scanned(opens: Open) -> None:
    """Its picture is a reply to it, which fails: the card is edited until the reply stands, not posted again."""
    moderation = ScriptedModeration(CLEAR)
    moderation.of["a bare fox"], moderation.says = CLEAR, NUDE

    def prepare(bot: Bot) -> None:
        prompt_notices(bot)
        bot.house.moderation = moderation
        make = front_of(bot).make
        make.config = replace(make.config, waits=replace(WAITS, renew=0.3))

    desk = await staffed(opens, prepare=prepare)
    slack, fake = desk.slack, desk.slack.fake
    fake.processing = 1e9
    waiting = await desk.held("a bare fox", state=JobState.REVIEW)
    card = await desk.stands(desk.reviews, "a bare fox", "the picture is in the thread")
    await fake.until(lambda: len(fake.files) == 2, WITHIN)
    stuck, _ = fake.files.values()
    stuck.completed_at, fake.processing = float("inf"), 0.0
    cover = await desk.cover(card)
    await desk.told()
    assert [one for one in fake.messages(desk.reviews) if not one.thread_ts] == [card]
    await desk.press(card, control(card, "review", 1))
    await slack.shown(waiting)
    await fake.until(lambda: cover.deleted and "Approved by chief" in card.text, WITHIN)

"""Slack is busy, and somebody waits for an answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from bot.jobs.asks import Private
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Card, Tone
from bot.slack import patience
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk
from tests.bot.slack.stub import BUSY, refusal

CARD = Card(Tone.DONE, status="Saved.", private=True)
LONG = refusal("ratelimited", _status=429, _headers={"Retry-After": "300"})
PROMPT = {"prompt": {"type": "plain_text_input", "value": "fox"}}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept, at once."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(patience, "asyncio", SimpleNamespace(sleep=sleep))
    return slept


async def test_where_every_way_is_busy_the_answer_comes_later(desk: Desk, waits: list[float]) -> None:
    desk.core.answer, desk.lines.dead = Private(CARD), True
    desk.client.answers |= {"chat.postEphemeral": [BUSY, LONG], "conversations.open": BUSY}
    await desk.send(payloads.press("i1:details:abc:0"))
    assert [said["text"] for said in desk.client.of("chat.postEphemeral")] == ["Saved."] * 3
    assert waits == [7.0, patience.LONGEST]


async def test_a_slack_that_stays_busy_is_not_asked_for_ever(desk: Desk, waits: list[float]) -> None:
    desk.core.answer, desk.lines.dead = Private(CARD), True
    desk.client.answers |= {"chat.postEphemeral": BUSY, "conversations.open": BUSY}
    with capture_logs() as lines:
        await desk.send(payloads.press("i1:details:abc:0"))
    assert len(desk.client.of("chat.postEphemeral")) == 1 + patience.AGAIN
    assert len(waits) == patience.AGAIN
    assert lines[-1]["event"] == "slack_answer_failed"


async def test_a_refusal_is_not_tried_again(desk: Desk, waits: list[float]) -> None:
    desk.client.answers["conversations.open"] = refusal("user_disabled")
    await desk.send(payloads.submission("i1:imagine::0", PROMPT))
    assert (desk.core.asked, waits) == ([], [])


async def test_a_form_without_a_channel_waits_for_its_conversation(desk: Desk, waits: list[float]) -> None:
    """What was typed into it is nowhere else."""
    desk.client.answers["conversations.open"] = [BUSY]
    await desk.send(payloads.submission("i1:imagine::0", PROMPT))
    (asked,) = desk.core.asked
    assert asked.ask.place == Place(Platform.SLACK, "D9", "T1")
    assert waits == [7.0]

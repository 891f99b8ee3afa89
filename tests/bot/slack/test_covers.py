"""The reply with sensitive pictures fails: the message that it belongs to stands, once, and gets it later."""

from __future__ import annotations

import pytest

from bot.jobs.chat_port import ChatError
from bot.slack.chats import Chats
from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import REF, job
from tests.bot.slack.stub import BUSY, DEFAULTS, RACE, Json, refusal
from tests.bot.slack.test_notices import MODS, SENSITIVE, TS

STANDS = DEFAULTS["chat.postMessage"]
AWAY = refusal("internal_error", _status=500)
NEVER_SCANNED = [dict(RACE) for _ in range(6)]


@pytest.fixture
def chat(desk: Desk) -> Chats:
    desk.pictures.held["grid-1"] = b"jpeg"
    return desk.front.chat


def threads(desk: Desk) -> list[str]:
    """Where each message went: empty for the channel itself."""
    return [call.get("thread_ts", "") for call in desk.client.of("chat.postMessage")]


@pytest.mark.parametrize("meets", [[AWAY], NEVER_SCANNED], ids=["away", "never scanned"])
async def test_a_review_card_gets_it_by_its_next_edit(desk: Desk, chat: Chats, meets: list[Json]) -> None:
    desk.client.answers["chat.postMessage"] = [STANDS, *meets]
    ref = await chat.post(MODS, SENSITIVE, "review:j1")
    assert (ref.message_id, ref.whole, "cover" in ref.extra) == (TS, False, False)
    desk.client.answers["chat.postMessage"] = [AWAY]
    assert not (await chat.revise(MODS, ref, SENSITIVE)).whole
    done = await chat.revise(MODS, ref, SENSITIVE)
    assert (done.whole, done.extra["cover"]) == (True, TS)
    assert threads(desk).count("") == 1, "nothing is posted twice"


async def test_a_busy_channel_is_no_second_card(desk: Desk, chat: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.lanes.PATIENCE", 5.0)
    desk.client.answers["chat.postMessage"] = [STANDS, BUSY]
    assert not (await chat.post(MODS, SENSITIVE, "review:j1")).whole


async def test_where_slack_takes_no_reply_the_card_stands_without_it(desk: Desk, chat: Chats) -> None:
    """Nothing is to be tried again: an edit that said "gone" would bring a new card."""
    desk.client.answers["chat.postMessage"] = [STANDS, refusal("cannot_reply_to_message"), refusal("thread_not_found")]
    ref = await chat.post(MODS, SENSITIVE, "review:j1")
    assert ref.whole
    assert (await chat.revise(MODS, ref, SENSITIVE)).whole
    assert "cover" not in ref.extra


async def test_a_result_that_is_posted_anew_stands_once(desk: Desk, chat: Chats) -> None:
    desk.client.answers["chat.postMessage"] = [STANDS, AWAY]
    ref = await chat.repost(job(message=REF), SENSITIVE)
    assert (ref.channel_id, ref.whole) == ("C1", False)
    desk.client.answers["chat.postMessage"] = [AWAY]
    with pytest.raises(ChatError):
        await chat.edit(job(message=ref), SENSITIVE)
    done = await chat.edit(job(message=ref), SENSITIVE)
    assert (done.whole, done.extra["cover"]) == (True, TS)
    assert threads(desk).count("") == 1


async def test_a_result_moves_where_it_may_have_its_reply(desk: Desk, chat: Chats) -> None:
    desk.client.answers["chat.postMessage"] = [STANDS, refusal("restricted_action_thread_locked")]
    ref = await chat.repost(job(message=REF), SENSITIVE)
    assert (ref.channel_id, ref.whole, "cover" in ref.extra) == ("D9", True, True)

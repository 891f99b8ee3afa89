"""What a start says that cannot be, or not yet."""

from __future__ import annotations

import pytest

from bot.errors import ChatAway, StartError
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Card, Tone
from bot.slack.api import Identity, SlackApi
from bot.slack.config import SlackConfig
from bot.slack.faults import SlackFault
from bot.slack.front import SlackFront
from bot.slack.socket import Socket
from tests.bot.slack.drawing import WAITS, DrawingCore, made_front
from tests.bot.slack.stub import StubCore, StubFetcher, StubPictures
from tests.fakes.slack import FakeSlack
from tests.support.ports import free_port


async def test_a_bad_bot_token_stops_the_start_in_one_sentence(fake: FakeSlack) -> None:
    front = SlackFront(SlackConfig("xoxb-wrong", "xapp-1", api_url=fake.api_url), StubPictures(), StubFetcher(), fake.clock)
    with pytest.raises(StartError, match=r"^Slack does not accept SLACK_BOT_TOKEN \(invalid_auth\): copy"):
        await front.start(StubCore())
    assert not front.ready


async def test_a_bad_app_token_stops_the_start_in_one_sentence(fake: FakeSlack) -> None:
    front = made_front(fake, app_token="xapp-wrong")
    with pytest.raises(StartError, match="SLACK_APP_TOKEN"):
        await front.start(StubCore())


async def test_a_slack_that_is_away_is_one_sentence_and_may_be_tried_again() -> None:
    port = free_port()
    fake = FakeSlack()
    config = SlackConfig(fake.bot_token, fake.app_token, api_url=f"http://127.0.0.1:{port}/api/", waits=WAITS)
    front = SlackFront(config, StubPictures(), StubFetcher(), fake.clock)
    for _ in range(2):
        with pytest.raises(ChatAway, match="cannot be reached"):
            await front.start(StubCore())
        with pytest.raises(ChatError) as caught:
            await front.chat.post(Place(Platform.SLACK, "C1"), Card(Tone.DONE, lines=("x",)), "key")
        assert caught.value.fault is ChatFault.BROKEN
    await fake.start(port)
    await front.start(DrawingCore(front))
    await fake.connected()
    assert (await (await fake.command(fake.user(), fake.channel(), "a fox")).acked()).seconds < 1
    await front.stop()
    await fake.stop()


@pytest.mark.parametrize("code", ["http_404", "invalid_arguments"])
async def test_an_answer_that_is_not_slacks_ends_the_start(
    fake: FakeSlack, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nonsense(_api: SlackApi) -> Identity:
        raise SlackFault(code)

    monkeypatch.setattr(SlackApi, "identity", nonsense)
    with pytest.raises(StartError, match="SLACK_API_URL") as caught:
        await made_front(fake).start(StubCore())
    assert not isinstance(caught.value, ChatAway)


@pytest.mark.parametrize("code", ["http_503", "ratelimited", "service_unavailable"])
async def test_a_busy_slack_may_be_tried_again(fake: FakeSlack, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(_api: SlackApi) -> Identity:
        raise SlackFault(code)

    monkeypatch.setattr(SlackApi, "identity", busy)
    with pytest.raises(ChatAway):
        await made_front(fake).start(StubCore())


async def test_a_socket_that_is_away_is_tried_again(fake: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    front, opened = made_front(fake), Socket.open

    async def nothing(_socket: Socket) -> None:
        raise SlackFault("timeout")

    monkeypatch.setattr(Socket, "open", nothing)
    with pytest.raises(ChatAway):
        await front.start(StubCore())
    with pytest.raises(ChatError) as caught:
        await front.chat.post(Place(Platform.SLACK, "C1"), Card(Tone.DONE, lines=("x",)), "key")
    assert caught.value.fault is ChatFault.BROKEN
    monkeypatch.setattr(Socket, "open", opened)
    await front.start(StubCore())
    await fake.connected()
    assert front.ready
    await front.stop()

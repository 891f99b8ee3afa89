"""Discord and Slack fail around the real process; and the judge of it sees what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import on_discord, on_slack
from tests.chaos.books import Books
from tests.chaos.chats import Trouble, _message, _once
from tests.chaos.on_discord import Discord
from tests.fakes.discord.server import FakeDiscord

pytestmark = pytest.mark.timeout(180)


def _job(state: str, message: int | None, pictures: str = '[{"key": "a"}]') -> dict[str, Any]:
    ref = json.dumps({"channel_id": "1", "message_id": str(message)}) if message else None
    return {"id": "job", "state": state, "message": ref, "pictures": pictures}


class Shown(Discord):
    """One message stands, with so many pictures."""

    count, cancel = 1, False

    def pictures(self, channel: str, message: str) -> int | None:
        return self.count if message == "7" else None

    def going(self, channel: str, message: str) -> bool:
        return self.cancel

    def shown(self) -> int:
        return self.count


def test_the_judge_sees_an_unended_message_and_a_picture_too_many() -> None:
    town = Shown(FakeDiscord())
    assert list(_message(_job("delivered", 7), town)) == []
    assert list(_message(_job("failed", 7), town)) == ["job (failed) shows 1 pictures"]
    town.cancel = True
    assert list(_message(_job("delivered", 7), town)) != []
    town.cancel, town.count = False, 0
    assert list(_message(_job("delivered", 7), town)) != []
    assert list(_message(_job("failed", 7), town)) == []
    books = Books({"job": _job("delivered", None)}, {}, [], [])
    assert _once(books, town) == ["0 messages with pictures, 1 jobs delivered"]
    town.count = 1
    assert _once(books, town) == []


@pytest.mark.slow
@pytest.mark.parametrize("chat", [on_discord, on_slack], ids=["discord", "slack"])
async def test_kills_at_every_moment_of_a_chat(chat: Any, tmp_path: Path) -> None:
    for number, killed in enumerate(chat.KILLS):
        assert (await killed(tmp_path / str(number), 6)).faults == []


@pytest.mark.slow
@pytest.mark.parametrize("trouble", on_discord.TROUBLES, ids=lambda one: one.name)
async def test_discord_fails(trouble: Trouble, tmp_path: Path) -> None:
    assert (await on_discord.endured(tmp_path, trouble, 6)).faults == []


@pytest.mark.slow
@pytest.mark.parametrize("trouble", on_slack.TROUBLES, ids=lambda one: one.name)
async def test_slack_fails(trouble: Trouble, tmp_path: Path) -> None:
    assert (await on_slack.endured(tmp_path, trouble, 6)).faults == []

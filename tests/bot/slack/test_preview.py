"""Preview pictures in Slack: left out, so that no file is uploaded for them; the finished pictures are."""

from __future__ import annotations

from dataclasses import replace

from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import DONE, GRID, REF, RUNNING, job


async def test_progress_uploads_nothing(desk: Desk) -> None:
    desk.pictures.held["grid-1"] = b"jpeg"
    await desk.front.chat.edit(job(message=REF), replace(RUNNING, pictures=(GRID,)))
    (edited,) = desk.client.of("chat.update")
    assert [block["type"] for block in edited["blocks"]] == ["rich_text"]
    assert desk.client.of("files.getUploadURLExternal") == []
    await desk.front.chat.edit(job(message=REF), DONE)
    assert len(desk.client.of("files.getUploadURLExternal")) == 1
    assert "image" in [block["type"] for block in desk.client.of("chat.update")[-1]["blocks"]]

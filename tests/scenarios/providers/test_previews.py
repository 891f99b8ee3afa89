"""Partial pictures through the whole bot: OpenAI streams them, the playground shows them until the grid is there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from bot.jobs.model import JobState
from bot.playground.guard import HEADER
from tests.fakes.apis.openai import KEY, FakeOpenAI
from tests.support.bot import running_bot
from tests.support.wait import eventually


async def test_the_playground_shows_what_is_drawn_so_far(tmp_path: Path) -> None:
    async with FakeOpenAI() as api:
        api.gate.clear()
        settings = {"IMAGINE_PLAYGROUND": "on", "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": api.base}
        async with (
            running_bot(tmp_path, settings) as bot,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot.web.port}", headers={HEADER: "1"}, trust_env=False) as page,
        ):
            fields = {"user": "ann", "key": "key-0001-0001", "text": "/imagine a fox"}
            asked = await page.post("/api/command", files={name: (None, value) for name, value in fields.items()})
            assert asked.status_code == 200, asked.text

            async def card(percent: int | None) -> dict[str, Any] | None:
                messages = (await page.get("/api/state", params={"user": "ann"})).json()["messages"]
                shown = [{**one["card"], "message": one["id"]} for one in messages if one["card"]]
                return next((one for one in shown if one["pictures"] and one["percent"] == percent), None)

            half = await eventually(lambda: card(50))
            assert half is not None
            (shown,) = half["pictures"]
            assert "Preview" in shown["alt"]
            key = shown["picture"]["key"]
            got = await page.get(f"/pictures/{key}", params={"message": half["message"], "user": "ann"})
            assert Image.open(io.BytesIO(got.content)).size[0] >= 2 * api.size, "four partial pictures as a grid"
            api.gate.set()
            done = await eventually(lambda: card(None))
            assert done is not None
            assert "preview" not in done["pictures"][0]["picture"]["key"]

            async def ended() -> bool:
                (job,) = await bot.store.jobs([], 5)
                return job.state is JobState.DELIVERED

            assert await eventually(ended)
            gone = await page.get(f"/pictures/{key}", params={"message": half["message"], "user": "ann"})
            assert gone.status_code == 404
        assert (api.paid, api.violations) == (4, [])

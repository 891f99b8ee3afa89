"""A bare HTTP client with the bot's token, to break rules that discord.py would not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.discord import FakeDiscord, FakeInteraction

Json = dict[str, Any]
V2 = 1 << 15
BUTTON = {"type": 2, "style": 1, "label": "U1", "custom_id": "u1"}
TEXT = {"type": 10, "content": "hi"}
GALLERY = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}
OPTION = {"type": 3, "name": "prompt", "description": "p"}
COMMAND = {"name": "imagine", "description": "d", "type": 1, "options": [OPTION]}


@dataclass
class Raw:
    """A bare HTTP client with the bot's token."""

    fake: FakeDiscord
    session: aiohttp.ClientSession

    async def __call__(
        self, route: str, body: Any = None, files: dict[int, bytes] | None = None, **more: Any
    ) -> tuple[int, int, Json]:
        """Status, Discord's code, body. The route may hold the ids already."""
        method, path = route.split(" ", 1)
        headers = {"Authorization": f"Bot {more.pop('token', self.fake.token)}"}
        data: Any = None
        if files is not None:
            data = aiohttp.FormData(quote_fields=False)
            data.add_field("payload_json", json.dumps(body), content_type="application/json")
            for index, content in files.items():
                data.add_field(f"files[{index}]", content, filename="a.png")
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body), more.pop("content_type", "application/json")
        async with self.session.request(method, self.fake.api_url + path, data=data, headers=headers, **more) as answer:
            found = await answer.json() if answer.content_length else {}
            code = found.get("code", 0) if isinstance(found, dict) else 0
            return answer.status, code, found

    async def answer(self, it: FakeInteraction, kind: int, data: Any = None, **more: Any) -> tuple[int, int, Json]:
        body = {"type": kind} | ({} if data is None else {"data": data})
        return await self(f"POST /interactions/{it.id}/{it.token}/callback?with_response=1", body, **more)

    def hook(self, it: FakeInteraction, method: str = "PATCH", tail: str = "/messages/@original") -> str:
        return f"{method} /webhooks/{self.fake.me.id}/{it.token}{tail}"

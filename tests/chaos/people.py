"""People at the playground: they type, press, look, and send a request that got no answer again under the same key."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

HEADERS = {"X-Playground": "1"}
MODERATOR = "robin"
"""The one with the moderator switch on."""


@dataclass
class People:
    """All of them over one client. `unanswered`: requests whose line was cut, with all their fields."""

    client: httpx.AsyncClient
    base: str = ""
    unanswered: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def imagine(self, user: str, text: str) -> str:
        """`/imagine`; the job's id."""
        said = await self._post("command", {"user": user, "text": f"/imagine {text}"})
        assert said["kind"] == "placeholder", said
        return str(said["message_id"])

    async def command(self, user: str, line: str) -> dict[str, Any]:
        """Another command."""
        return await self._post("command", {"user": user, "text": line})

    async def press(self, user: str, message_id: str, action: str, index: int = 0, *, job: str = "") -> dict[str, Any]:
        """A button of a job's message."""
        control = f"i1:{action}:{job or message_id}:{index}"
        return await self._post("press", {"user": user, "message_id": message_id, "control": control})

    async def fill(self, user: str, job: str, action: str, index: int = 0, **values: str) -> dict[str, Any]:
        """The form behind a button of a job."""
        typed = {f"value.{name}": value for name, value in values.items()}
        return await self._post("form", {"user": user, "message_id": job, "control": f"i1:{action}:{job}:{index}"} | typed)

    async def send_again(self) -> None:
        """What got no answer, once more; what it was about may have been taken away since."""
        waiting, self.unanswered = self.unanswered, []
        await asyncio.gather(*(self._again(route, fields) for route, fields in waiting))

    async def _again(self, route: str, fields: dict[str, str]) -> None:
        try:
            await self._post(route, fields)
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.NOT_FOUND:
                raise

    async def messages(self) -> dict[str, dict[str, Any]]:
        """Every message that everybody sees, by id."""
        found: dict[str, dict[str, Any]] = {}
        page = await self._get("state", user="reader")
        while True:
            found |= {message["id"]: message for message in page["messages"]}
            if not page["more"]:
                return found
            page = await self._get("messages", user="reader", before=page["messages"][0]["id"])

    async def picture(self, message_id: str, key: str) -> int:
        """The status of a picture's address."""
        params = {"message": message_id, "user": "reader"}
        return (await self.client.get(f"{self.base}/pictures/{key}", params=params)).status_code

    async def _get(self, route: str, **params: str) -> dict[str, Any]:
        return dict((await self.client.get(f"{self.base}/api/{route}", params=params)).raise_for_status().json())

    async def _post(self, route: str, fields: dict[str, str]) -> dict[str, Any]:
        fields = {"key": secrets.token_hex(8), "moderator": "1" if fields["user"] == MODERATOR else ""} | fields
        try:
            answer = await self.client.post(f"{self.base}/api/{route}", data=fields, headers=HEADERS, timeout=60.0)
        except (httpx.TransportError, asyncio.CancelledError):
            self.unanswered.append((route, fields))
            raise
        return dict(answer.raise_for_status().json())

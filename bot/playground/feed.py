"""What the page reads: its first state, earlier messages, the event stream, pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.jobs.catalog import COMMANDS, PROMPT_LONGEST
from bot.jobs.ports import Pictures
from bot.playground.board import Board, message_to_json
from bot.playground.chat import LIMITS
from bot.playground.intake import speaker
from bot.playground.stream import EventStream
from bot.texts import playground as texts

PAGE = 60
"""Messages that the page gets at once."""
FOR_EVER = "private, max-age=31536000, immutable"


class Feed:
    """Everything that only reads."""

    def __init__(self, board: Board, pictures: Pictures) -> None:
        """`pictures` holds the bytes."""
        self._board = board
        self._pictures = pictures
        self.router = APIRouter()
        self.router.add_api_route("/api/state", self.state, methods=["GET"])
        self.router.add_api_route("/api/messages", self.earlier, methods=["GET"])
        self.router.add_api_route("/api/events", self.events, methods=["GET"], response_model=None)
        self.router.add_api_route("/pictures/{key:path}", self.picture, methods=["GET"])

    async def state(self, user: str = texts.USERS[0]) -> dict[str, Any]:
        """All that the page needs to begin. `counter`: where its event stream goes on."""
        you = speaker(user)
        counter = await self._board.store.counter()
        messages = await self._page(you.user_id, "")
        return {
            "you": {"id": you.user_id, "name": you.name},
            "users": _people(messages),
            "commands": [asdict(spec) for spec in COMMANDS],
            "prompt_longest": PROMPT_LONGEST,
            "texts": texts.PAGE,
            "counter": counter,
            "messages": messages,
            "more": len(messages) == PAGE,
        }

    async def earlier(self, user: str, before: str) -> dict[str, Any]:
        """The messages before that one."""
        messages = await self._page(speaker(user).user_id, before)
        return {"messages": messages, "more": len(messages) == PAGE}

    async def events(self, request: Request) -> EventStream:
        """Changes as server-sent events; `Last-Event-ID` wins over `after`."""
        user = speaker(request.query_params.get("user", ""))
        asked = request.headers.get("last-event-id") or request.query_params.get("after", "")
        # Without isascii other scripts' digits pass; a counter has no more than 18 figures.
        after = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
        return EventStream(self._board, user.user_id, after)

    async def picture(self, key: str, message: str, user: str, download: bool = False) -> Response:
        """A picture's bytes, if it stands in a message that this user may see."""
        shown = await self._shown(key, message, speaker(user).user_id)
        try:
            data = await self._pictures.get(key)
        except KeyError as error:
            raise HTTPException(404, texts.NO_PICTURE) from error
        mime = shown["picture"]["mime"]
        kind = "attachment" if download or mime not in LIMITS.formats else "inline"
        headers = {
            "cache-control": FOR_EVER,
            "content-disposition": f"{kind}; filename*=UTF-8''{quote(shown['name'], safe='')}",
        }
        return Response(data, media_type=mime if mime in LIMITS.formats else "application/octet-stream", headers=headers)

    async def _page(self, user_id: str, before: str) -> list[dict[str, Any]]:
        return [message_to_json(row) for row in await self._board.store.page(user_id, PAGE, before)]

    async def _shown(self, key: str, message_id: str, user_id: str) -> dict[str, Any]:
        row = await self._board.store.get(message_id)
        if row is not None and row.card and row.seen_by(user_id):
            for shown in json.loads(row.card)["pictures"]:
                if shown["picture"]["key"] == key:
                    return dict(shown)
        raise HTTPException(404, texts.NO_PICTURE)


def _people(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Who can be chosen: the usual ones and whoever speaks in these messages."""
    people = {speaker(name).user_id: name for name in texts.USERS}
    for by in (message["card"]["by"] for message in messages):
        if by:
            people.setdefault(by["user_id"], by["name"])
    return [{"id": user_id, "name": name} for user_id, name in people.items()]

"""What the page reads: its first state, earlier messages, the event stream, pictures."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from bot.errors import PicturesUnavailable
from bot.jobs.catalog import COMMANDS, PROMPT_LONGEST
from bot.jobs.place import Actor
from bot.jobs.ports import Pictures
from bot.playground.board import Board, message_to_json
from bot.playground.channels import CHANNEL, MODERATORS
from bot.playground.chat import LIMITS
from bot.playground.intake import place_of, speaker
from bot.playground.stream import changes
from bot.texts import playground as texts
from bot.web.sse import EventStream

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

    async def state(
        self, user: str = texts.USERS[0], moderator: str = "", known: Annotated[list[str] | None, Query()] = None
    ) -> dict[str, Any]:
        """All that the page needs to begin. `counter`: where its event stream goes on; `known`: names that it made up."""
        you = speaker(user, moderator)
        counter = await self._board.store.counter()
        public = await self._page(you, CHANNEL)
        hidden = await self._page(you, MODERATORS) if you.moderator else None
        return {
            "you": {"id": you.user_id, "name": you.name},
            "users": _people(known or [], public["messages"]),
            "commands": [asdict(spec) for spec in COMMANDS],
            "prompt_longest": PROMPT_LONGEST,
            "texts": texts.PAGE,
            "counter": counter,
            **public,
            "moderators": hidden,
        }

    async def earlier(self, user: str, before: str, channel: str = CHANNEL, moderator: str = "") -> dict[str, Any]:
        """The messages of a channel before that one."""
        you = speaker(user, moderator)
        return await self._page(you, place_of(you, channel).channel_id, before)

    async def events(self, request: Request) -> EventStream:
        """Changes as server-sent events; `Last-Event-ID` wins over `after`."""
        reader = speaker(request.query_params.get("user", ""), request.query_params.get("moderator", ""))
        asked = request.headers.get("last-event-id") or request.query_params.get("after", "")
        # Without isascii other scripts' digits pass; a counter has no more than 18 figures.
        after = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
        return EventStream(changes(self._board, reader, after))

    async def picture(self, key: str, message: str, user: str, moderator: str = "", *, download: bool = False) -> Response:
        """A picture's or a file's bytes, if it stands in a message that this user may see."""
        name, mime, keep = await self._shown(key, message, speaker(user, moderator))
        try:
            data = await self._pictures.get(key)
        except KeyError as error:
            raise HTTPException(404, texts.NO_PICTURE) from error
        except PicturesUnavailable as error:
            raise HTTPException(503, texts.PICTURES_AWAY) from error
        kind = "attachment" if download or mime not in LIMITS.formats else "inline"
        headers = {"cache-control": keep, "content-disposition": f"{kind}; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(data, media_type=mime if mime in LIMITS.formats else "application/octet-stream", headers=headers)

    async def _page(self, you: Actor, channel: str, before: str = "") -> dict[str, Any]:
        rows = await self._board.store.page(you.user_id, PAGE, before, channel=channel)
        return {"messages": [message_to_json(row) for row in rows], "more": len(rows) == PAGE}

    async def _shown(self, key: str, message_id: str, you: Actor) -> tuple[str, str, str]:
        """File name, mime type and how long a browser may keep it."""
        row = await self._board.store.get(message_id)
        if row is not None and row.card and row.seen_by(you.user_id, moderator=you.moderator):
            card = json.loads(row.card)
            for shown in card["pictures"]:
                if shown["picture"]["key"] == key:
                    return shown["name"], shown["picture"]["mime"], FOR_EVER
            for file in card.get("files", ()):  # cards of earlier versions have none
                if file["key"] == key:
                    return file["name"], file["mime"], "no-store"
        raise HTTPException(404, texts.NO_PICTURE)


def _people(names: list[str], messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Who can be chosen: the usual ones, those that the page knows and whoever speaks in these messages."""
    people = {speaker(name).user_id: name for name in texts.USERS}
    for by in (message["card"]["by"] for message in messages):
        if by:
            people.setdefault(by["user_id"], by["name"])
    for name in names:
        with suppress(HTTPException):  # made up under rules of an earlier version
            people.setdefault(speaker(name).user_id, name)
    return [{"id": user_id, "name": name} for user_id, name in people.items()]

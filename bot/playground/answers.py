"""The core's Answer as the HTTP reply. A private answer also becomes a message that its asker alone sees."""

from __future__ import annotations

import hashlib

from fastapi.responses import JSONResponse

from bot.jobs.asks import Answer, Ask, OpenForm, Placeholder, Private, Update
from bot.jobs.surface import Card, Tone
from bot.playground.board import Board, message_to_json
from bot.playground.cards import form_to_json
from bot.playground.channels import audience


class Answers:
    """Turns answers into replies of the form {"kind": ..., ...}."""

    def __init__(self, board: Board) -> None:
        """`board` keeps private messages."""
        self._board = board

    async def reply(self, ask: Ask, answer: Answer, message_id: str = "") -> JSONResponse:
        """`message_id`: the message whose control was pressed, which an Update replaces."""
        match answer:
            case Placeholder():
                return JSONResponse({"kind": "placeholder", "message_id": answer.job_id})
            case Private():
                return await self._private(ask, answer.card, refused=answer.refused)
            case OpenForm():
                return JSONResponse({"kind": "form", "form": form_to_json(answer.form)})
            case Update():
                return await self._update(ask, answer.card, message_id)
        return JSONResponse({"kind": "quiet"})

    async def hint(self, ask: Ask, sentence: str) -> JSONResponse:
        """A private refusal in one sentence."""
        return await self._private(ask, Card(Tone.FAILED, status=sentence, private=True), refused=True)

    async def _update(self, ask: Ask, card: Card, message_id: str) -> JSONResponse:
        message = await self._board.change(message_id, card) if await self._may_replace(ask, message_id) else None
        if message is None:
            return await self._private(ask, card, refused=False)
        return JSONResponse({"kind": "update", "message": message_to_json(message)})

    async def _may_replace(self, ask: Ask, message_id: str) -> bool:
        """One's own private messages, and what the bot posted of itself; a job's message is the engine's to edit."""
        old, who = await self._board.store.get(message_id), ask.actor
        if old is None or not old.seen_by(who.user_id, moderator=who.moderator):
            return False
        return old.private_to == who.user_id or not old.job_id

    async def _private(self, ask: Ask, card: Card, *, refused: bool) -> JSONResponse:
        user_id = ask.actor.user_id
        seen = audience(ask.place.channel_id, user_id)
        message = await self._board.post(_private_id(ask), card, author=user_id, visible_to=seen)
        return JSONResponse({"kind": "private", "refused": refused, "message": message_to_json(message)})


def _private_id(ask: Ask) -> str:
    """The same request answered twice is one message."""
    return "p" + hashlib.sha256(ask.key.encode()).hexdigest()[:20]

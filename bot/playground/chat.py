"""The Chat port on the playground: the core's way out is the board."""

from __future__ import annotations

import hashlib

from bot.jobs.chat_port import ChatError, ChatFault, ChatLimits
from bot.jobs.model import Job, new_id
from bot.jobs.place import MessageRef, Place
from bot.jobs.surface import Card, Link, Tone
from bot.playground.board import Board
from bot.playground.channels import CHANNEL, CHANNELS, MODERATORS, audience
from bot.playground.ports import Message
from bot.texts import playground as texts

LIMITS = ChatLimits(50 * 1024 * 1024, frozenset({"image/png", "image/jpeg", "image/webp"}), progress_seconds=0.5)


class PlaygroundChat:
    """Posts, edits and whispers. A job's message has the job's id, so that placing twice makes one message."""

    def __init__(self, board: Board) -> None:
        """`board` is where messages stand."""
        self._board = board

    @property
    def limits(self) -> ChatLimits:
        """A browser takes large pictures and quick edits."""
        return LIMITS

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Post the placeholder once; None if a person has deleted it since."""
        message = await self._post_for(job, job.id, card)
        return None if message.deleted else _ref(message)

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Show another Card in the job's message."""
        return await self._change(_message_id(job), card)

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """A second message for the job; repeating it brings no third."""
        return _ref(await self._post_for(job, f"{job.id}-again", card))

    async def whisper(self, job: Job, card: Card) -> bool:
        """A message that only the requester sees, where they asked."""
        seen = audience(_channel(job), job.actor.user_id)
        await self._board.post(new_id(), card, author=job.actor.user_id, visible_to=seen, job_id=job.id)
        return True

    async def ping(self, job: Job, sentence: str) -> None:
        """A private line to the requester that links to the job's message."""
        url = job.message.url if job.message else _url(job.id)
        await self.whisper(job, Card(Tone.DONE, status=sentence, links=(Link(texts.SHOW, url),), private=True))

    async def delete(self, job: Job) -> None:
        """Take the job's message away."""
        await self._board.remove(_message_id(job))

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """A message of no job. In a channel that we do not have it is refused: it might not be for everybody."""
        if place.channel_id not in CHANNELS:
            raise ChatError(ChatFault.GONE, "there is no such channel")
        message_id = "n" + hashlib.sha256(f"{place.channel_id} {key}".encode()).hexdigest()[:20]
        return _ref(await self._board.post(message_id, card, author="", visible_to=audience(place.channel_id)))

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """Show another Card in a posted message."""
        del place
        return await self._change(message.message_id, card)

    async def _post_for(self, job: Job, message_id: str, card: Card) -> Message:
        seen = audience(_channel(job))
        return await self._board.post(message_id, card, author=job.actor.user_id, visible_to=seen, job_id=job.id)

    async def _change(self, message_id: str, card: Card) -> MessageRef:
        message = await self._board.change(message_id, card)
        if message is None:
            raise ChatError(ChatFault.GONE, "the message was deleted")
        return _ref(message)


def _channel(job: Job) -> str:
    return MODERATORS if job.place.channel_id == MODERATORS else CHANNEL


def _message_id(job: Job) -> str:
    return job.message.message_id if job.message else job.id


def _url(message_id: str) -> str:
    return f"/#m-{message_id}"


def _ref(message: Message) -> MessageRef:
    return MessageRef(message.channel, message.id, _url(message.id))

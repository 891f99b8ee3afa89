"""The Chat port on the playground: the core's way out is the board."""

from __future__ import annotations

from bot.jobs.model import Job, MessageRef, new_id
from bot.jobs.ports import ChatError, ChatFault, ChatLimits
from bot.jobs.surface import Card, Link, Tone
from bot.playground.board import Board
from bot.playground.ports import Message
from bot.texts import playground as texts

CHANNEL = "playground"
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
        message = await self._board.post(job.id, card, author=job.actor.user_id, job_id=job.id)
        return None if message.deleted else _ref(message)

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Show another Card in the job's message."""
        message = await self._board.change(_message_id(job), card)
        if message is None:
            raise ChatError(ChatFault.GONE, "the message was deleted")
        return _ref(message)

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """A second message for the job; repeating it brings no third."""
        message = await self._board.post(f"{job.id}-again", card, author=job.actor.user_id, job_id=job.id)
        return _ref(message)

    async def whisper(self, job: Job, card: Card) -> bool:
        """A message that only the requester sees."""
        user_id = job.actor.user_id
        await self._board.post(new_id(), card, author="", visible_to=user_id, job_id=job.id)
        return True

    async def ping(self, job: Job, sentence: str) -> None:
        """A private line to the requester that links to the job's message."""
        url = job.message.url if job.message else _url(job.id)
        await self.whisper(job, Card(Tone.DONE, status=sentence, links=(Link(texts.SHOW, url),), private=True))

    async def delete(self, job: Job) -> None:
        """Take the job's message away."""
        await self._board.remove(_message_id(job))


def _message_id(job: Job) -> str:
    return job.message.message_id if job.message else job.id


def _url(message_id: str) -> str:
    return f"/#m-{message_id}"


def _ref(message: Message) -> MessageRef:
    return MessageRef(CHANNEL, message.id, _url(message.id))

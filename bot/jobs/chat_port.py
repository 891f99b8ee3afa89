"""What the core asks of a chat."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Place
from bot.jobs.surface import Card


class ChatFault(StrEnum):
    """Why a chat did not take a message."""

    GONE = "gone"
    """The message, channel or token is gone for good."""
    FORBIDDEN = "forbidden"
    """We may not speak there (any more)."""
    BUSY = "busy"
    """Rate limit: try again after `retry_after`."""
    TOO_LARGE = "too_large"
    """The attachment is over this place's limit."""
    BROKEN = "broken"
    """The platform failed, or the line did: try again."""


PASSING = frozenset({ChatFault.BUSY, ChatFault.BROKEN})
"""A later try may go well."""


class ChatError(Exception):
    """A chat refused a call; `fault` decides what the core does next. `retry_after` in seconds."""

    def __init__(self, fault: ChatFault, text: str, retry_after: float | None = None) -> None:
        """Keep the facts as attributes."""
        super().__init__(f"{fault}: {text}")
        self.fault = fault
        self.text = text
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class ChatLimits:
    """What a chat takes: bytes per picture, mime types it shows, seconds between two progress edits of one message.

    `posts` False: jobs have no messages there; an end is told to it (`edit`) also where none was placed.
    """

    picture_bytes: int
    formats: frozenset[str]
    progress_seconds: float
    posts: bool = True


class Chat(Protocol):
    """A front end's way out. Every method has a timeout of its own and raises ChatError only."""

    @property
    def limits(self) -> ChatLimits:
        """Constant for the life of the adapter."""
        ...

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Find the job's placeholder (Discord: the interaction's own response) or post it.

        None: it cannot stand any more (the interaction is dead): the job is cancelled and refunded.
        Posting must be repeat-safe where the platform can (Discord channel posts: a nonce from job id and purpose).
        """
        ...

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Make the job's message show `card`; repeatable. Returns the reference to keep."""
        ...

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """The message can't be edited for lack of access: post anew where we may, else send it to the requester alone.

        Whoever gets a reference that is not `whole` edits that message later.
        """
        ...

    async def whisper(self, job: Job, card: Card) -> bool:
        """Show `card` privately to the requester while a token or a DM allows it; False if there is no way."""
        ...

    async def ping(self, job: Job, sentence: str) -> None:
        """Tell the requester by a new message that links to the job's message."""
        ...

    async def delete(self, job: Job) -> None:
        """Remove the job's message; one that is gone already is no error."""
        ...

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """A message of no job (a review card, a log entry) in a channel.

        `key`: a repeat makes no second one, where the platform can (Discord: the nonce). A reference that is not `whole` is
        to be revised later.
        """
        ...

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """Make a message that `post` brought show `card`; repeatable. Returns the reference to keep."""
        ...

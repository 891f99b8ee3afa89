"""What the playground asks of storage: its messages, so that after a stop and a start everything still stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.playground.channels import CHANNEL, all_readable, readable

__all__ = ["CHANNEL", "Message", "MessageStore", "all_readable", "readable"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the chat.

    `created`: unix seconds; messages stand in the order of `created`, then `id`.
    `updated`: the store's change counter at this row's last change: whole, unique, always growing, 0 before it is stored.
    `author`: user id of the person whose ask brought it, "" for the bot itself.
    `visible_to`: its audience as `channels.py` writes it, "" = everybody. `card`: the Card as JSON text.
    `deleted`: its place is kept so that readers learn of the removal; `card` is "" then.
    """

    id: str
    created: float
    author: str
    visible_to: str
    card: str
    job_id: str = ""
    updated: int = 0
    deleted: bool = False

    @property
    def channel(self) -> str:
        """The channel that it stands in."""
        return self.visible_to.partition("@")[2] or CHANNEL

    @property
    def private_to(self) -> str:
        """The only user who sees it; "" where all who see the channel do."""
        return self.visible_to.partition("@")[0]

    def seen_by(self, user_id: str, *, moderator: bool = False) -> bool:
        """Whether this user may read it. `moderator`: with the moderator switch on."""
        return self.visible_to in all_readable(user_id, moderator=moderator)


class MessageStore(Protocol):
    """Messages.

    A change with counter n becomes visible to readers only when all changes below n are: nobody who reads on from n
    misses one (SQL: take the counter inside the writing transaction, writers one after another).
    """

    async def add(self, message: Message) -> Message:
        """Insert unless the id stands already (deleted ones too); returns the row as it stands."""
        ...

    async def change(self, message_id: str, card: str) -> Message | None:
        """Replace the Card; None if the message is unknown or deleted."""
        ...

    async def remove(self, message_id: str) -> Message | None:
        """Mark as deleted and forget its Card; None if it is unknown or was deleted before."""
        ...

    async def get(self, message_id: str) -> Message | None:
        """One message, deleted ones too."""
        ...

    async def since(self, updated: int, user_id: str, limit: int, *, moderator: bool = False) -> list[Message]:
        """What this user may see and what changed after `updated`, in the order of change; deleted ones too."""
        ...

    async def page(self, user_id: str, limit: int, before_id: str = "", *, channel: str = CHANNEL) -> list[Message]:
        """The last `limit` messages of a channel for this user (before that one), oldest first, without deleted ones.

        Whether the user may see the channel at all is the caller's to know.
        """
        ...

    async def counter(self) -> int:
        """The change counter now; 0 when nothing was ever written."""
        ...

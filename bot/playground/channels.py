"""The two channels of the playground, and who is meant by a message's audience.

An audience is one word, "<user id>@<channel>", so that stores compare it whole: "" everybody, "robin" Robin alone,
"@moderators" all moderators, "robin@moderators" Robin's private answers in #moderators. User ids hold no "@".
"""

from __future__ import annotations

CHANNEL = "playground"
"""For everybody; the community's id, too."""
MODERATORS = "moderators"
"""Review cards and the log: for people with the moderator switch on."""
CHANNELS = (CHANNEL, MODERATORS)


def audience(channel: str, user_id: str = "") -> str:
    """Who sees a message of that channel: all who see the channel, or of them this user alone."""
    return user_id if channel == CHANNEL else f"{user_id}@{channel}"


def readable(user_id: str, channel: str) -> tuple[str, str]:
    """The audiences that this user is part of in a channel that they see."""
    return audience(channel), audience(channel, user_id)


def all_readable(user_id: str, *, moderator: bool) -> tuple[str, ...]:
    """The audiences that this user is part of anywhere."""
    return readable(user_id, CHANNEL) + (readable(user_id, MODERATORS) if moderator else ())

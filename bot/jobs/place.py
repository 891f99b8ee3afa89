"""Who asked, where, and the way back: people, places, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Platform(StrEnum):
    """Where a person speaks to us."""

    DISCORD = "discord"
    SLACK = "slack"
    PLAYGROUND = "playground"
    API = "api"


ERASED = "anon:"
"""What the user id of somebody who was erased begins with."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person on a platform. `moderator`: may manage messages in the place where they act.

    `admin`: may manage the guild or workspace; `roles`: ids of their roles or user groups there.
    """

    platform: Platform
    user_id: str
    name: str
    team_id: str = ""
    moderator: bool = False
    admin: bool = False
    roles: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The identity that quotas and ownership go by (Slack: with team or enterprise id)."""
        if self.user_id.startswith(ERASED):
            return self.user_id
        return ":".join(part for part in (self.platform, self.team_id, self.user_id) if part)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands. `community_id` is the guild or workspace, empty in DMs.

    `upload_limit`: bytes that one attachment may have here, None where the platform names no limit.
    `reachable`: False where the bot itself is no member and only the interaction's token can speak.
    `adult`: an age-restricted channel.
    """

    platform: Platform
    channel_id: str
    community_id: str = ""
    thread_id: str = ""
    upload_limit: int | None = None
    reachable: bool = True
    adult: bool = False

    @property
    def community(self) -> str:
        """The key that settings, rules and budgets go by; empty in DMs and where the app is installed by a user alone.

        Of the job API: `community_id` is such a key itself, since a key may draw under another platform's community.
        """
        if self.platform is Platform.API:
            return self.community_id
        return f"{self.platform}:{self.community_id}" if self.community_id and self.reachable else ""

    @property
    def room(self) -> str:
        """Id of what people see as a channel: on Discord a thread is one of its own, elsewhere it belongs to its channel.

        Empty for the job API: nobody sees a key's.
        """
        if self.platform is Platform.API:
            return ""
        return (self.thread_id if self.platform is Platform.DISCORD else "") or self.channel_id


@dataclass(frozen=True, slots=True)
class Reply:
    """The handle of one interaction: with it the front end can answer, adopt or whisper until `expires_at`.

    `data` is the front end's own (Discord: application id, interaction id; Slack: response_url). A secret: never logged.
    """

    token: str
    expires_at: float
    data: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that stands in a chat. `extra` is the adapter's own; `url` is a link a person can follow.

    `whole`: False while a part that belongs to it (Slack: the reply with sensitive pictures) is still to come, by its next
    edit. It stands all the same: posted anew it would stand twice.
    """

    channel_id: str
    message_id: str
    url: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    whole: bool = True

"""Who and where: users, guilds, channels, files."""

from __future__ import annotations

from dataclasses import dataclass, field

MIB = 1024 * 1024
DEFAULT_LIMIT = 10 * MIB
"""Bytes a file may have without boosts or Nitro."""
REQUEST_LIMIT = 25 * MIB

VIEW, SEND, MANAGE_MESSAGES, ATTACH, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 13, 1 << 15, 1 << 3
SEND_IN_THREADS = 1 << 38
VIEW_AUDIT_LOG = 1 << 7
BOT_PERMISSIONS = 274_878_024_704
"""What an invite of this bot asks: view, send, in threads, embed, attach, history."""
USER_PERMISSIONS = VIEW | SEND | ATTACH | SEND_IN_THREADS | 1 << 31

TEXT_CHANNEL, DM_CHANNEL, GROUP_DM, PUBLIC_THREAD = 0, 1, 3, 11


@dataclass(slots=True, eq=False)
class User:
    """A person (or the bot). `permissions` hold in every guild; `limit` is bytes a file (Nitro raises it)."""

    id: int
    name: str
    bot: bool = False
    permissions: int = USER_PERMISSIONS
    roles: tuple[int, ...] = ()
    locale: str = "en-US"
    limit: int = DEFAULT_LIMIT
    dms_open: bool = True

    @property
    def mention(self) -> str:
        """How a text names this user."""
        return f"<@{self.id}>"


@dataclass(slots=True, eq=False)
class Guild:
    """A server. `installed`: the bot is a member; otherwise users brought the app along.

    `system`: where Discord's own notices go. `bots_added`: audit log entries BOT_ADD (who, which bot), oldest first.
    """

    id: int
    name: str
    installed: bool = True
    limit: int = DEFAULT_LIMIT
    locale: str = "en-US"
    external_apps: bool = True
    channels: list[Channel] = field(default_factory=list)
    owner: User | None = None
    system: Channel | None = None
    bots_added: list[tuple[int, User, User]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Channel:
    """A place for messages. `visible`: the bot may see it; `recipients` only in DMs and groups."""

    id: int
    type: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    recipients: tuple[User, ...] = ()
    nsfw: bool = False
    visible: bool = True
    bot_permissions: int = BOT_PERMISSIONS
    archived: bool = False
    locked: bool = False

    @property
    def reachable(self) -> bool:
        """Whether the bot token opens this place: no for foreign guilds, groups and hidden channels."""
        installed = self.guild.installed if self.guild else self.type == DM_CHANNEL
        return (
            installed
            and self.visible
            and bool(self.bot_permissions & VIEW)
            and (self.parent is None or self.parent.reachable)
        )

    @property
    def limit(self) -> int:
        """Bytes a file may have when the bot posts here itself."""
        return self.guild.limit if self.guild else DEFAULT_LIMIT


@dataclass(slots=True, eq=False)
class Attachment:
    """A file on the fake CDN. `size` is what payloads say; `data` what the CDN sends."""

    id: int
    filename: str
    data: bytes
    url: str
    size: int
    content_type: str | None = None
    description: str | None = None
    spoiler: bool = False

    @property
    def pixels(self) -> tuple[int, int] | None:
        """Width and height of a PNG, else None."""
        head = self.data[:24]
        if head[:8] != b"\x89PNG\r\n\x1a\n" or len(head) < 24:
            return None
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")

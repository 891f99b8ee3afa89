"""A message as the fake keeps it, and what a person finds in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.discord import components as tree
from tests.fakes.discord.errors import Json
from tests.fakes.discord.model import Attachment, Channel, User

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, QUIET, V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15


@dataclass(slots=True)
class Message:
    """What stands in a channel, or before one `viewer`.

    `token`: of the interaction that made it. `edits` counts changes. `mentions`: the last allowed_mentions.
    `pinged`: the mentions (`<@1>`, `@everyone`) that notified somebody; only a new message does.
    """

    id: int
    channel: Channel
    author: User
    created: float
    content: str = ""
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    token: str | None = None
    viewer: User | None = None
    reference: Json | None = None
    mentions: Json | None = None
    pinged: tuple[str, ...] = ()
    edits: int = 0
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Seen by `viewer` only."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Still "the bot is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def v2(self) -> bool:
        """Made of components alone."""
        return bool(self.flags & V2)

    @property
    def text(self) -> str:
        """Content and all text displays, one a line."""
        return "\n".join(part for part in [self.content, *tree.texts(self.components)] if part)

    @property
    def buttons(self) -> list[Json]:
        """All buttons, however deep, in order."""
        return [part for _, part in tree.walk(self.components) if part.get("type") == tree.BUTTON]

    @property
    def menus(self) -> list[Json]:
        """All select menus, in order."""
        return [part for _, part in tree.walk(self.components) if part.get("type") in tree.SELECTS]

    @property
    def images(self) -> list[Attachment]:
        """The attachments that components show, in the order of showing; without V2 all of them."""
        if not self.v2:
            return list(self.attachments)
        names = [
            item["url"].removeprefix("attachment://")
            for _, part in tree.walk(self.components)
            for _, item in tree.media(part)
        ]
        return [file for name in names for file in self.attachments if name in (file.filename, file.url)]

    def has_button(self, label: str) -> bool:
        """Whether a button with this label (or emoji) is there."""
        return any(_face(button) == label for button in self.buttons)

    def button(self, label: str) -> str:
        """The custom_id behind a label (or emoji); LookupError names what is there instead."""
        for button in self.buttons:
            if _face(button) == label:
                return str(button.get("custom_id") or button.get("url"))
        raise LookupError(f"no button {label!r} among {[_face(button) for button in self.buttons]}")


def _face(button: Json) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")

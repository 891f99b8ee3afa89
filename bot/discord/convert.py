"""discord.Interaction -> the core's own nouns. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import discord

from bot.discord.commands import ATTACHMENT, invoked
from bot.discord.forms import read_modal, uploads
from bot.discord.render import read_value
from bot.jobs.asks import Ask, Attachment, Command, Imagine, Press, Submission
from bot.jobs.place import Actor, MessageRef, Place, Platform, Reply
from bot.jobs.ports import Clock, Fetcher

TOKEN_SECONDS = 15 * 60
"""Life of an interaction token."""
ATTACHMENT_MOST = 25 * 1024 * 1024
"""Bytes of a picture that a user hands over."""
WEB = "https://discord.com/channels"


class Reader:
    """Turns interactions into asks. `trusted`: see DiscordConfig.trusted_host."""

    def __init__(self, fetcher: Fetcher, clock: Clock, trusted: str) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._trusted = trusted

    def imagine(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Imagine:
        """`/imagine` with its options as text and its picture."""
        options = {option["name"]: option.get("value", "") for option in data.get("options", ())}
        image = data.get("resolved", {}).get("attachments", {}).get(str(options.pop("image", "")))
        text = str(options.pop("prompt", ""))
        named = {name: str(value) for name, value in options.items()}
        return Imagine(self.ask(interaction), text, named, self.attachment(image) if image else None)

    def command(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Command:
        """Any other command, with its subcommand; people are named by their ids."""
        sub, given = invoked(data)
        known = data.get("resolved", {}).get("attachments", {})
        files = {str(one["name"]): self.attachment(known[one["value"]]) for one in given if one.get("type") == ATTACHMENT}
        options = {str(one["name"]): str(one.get("value", "")) for one in given if one["name"] not in files}
        return Command(self.ask(interaction), str(data.get("name", "")), sub, options, files)

    def pointed(self, interaction: discord.Interaction, data: Mapping[str, Any], control: str) -> Press:
        """A message command: as if `control` had been pressed on that message."""
        return Press(self.ask(interaction), control, message_id=str(data.get("target_id", "")))

    def press(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Press:
        """A button, or a menu with its value."""
        values = data.get("values") or [""]
        message_id = str(interaction.message.id) if interaction.message else ""
        return Press(self.ask(interaction), str(data["custom_id"]), read_value(str(values[0])), message_id)

    def submission(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> Submission:
        """A modal that came back."""
        found = read_modal(data.get("components", []))
        files = uploads(found, data.get("resolved", {}))
        values = {name: ",".join(chosen) for name, chosen in found.items() if name not in files}
        attachments = {name: self.attachment(described) for name, described in files.items()}
        return Submission(self.ask(interaction), str(data["custom_id"]), values, attachments)

    def ask(self, interaction: discord.Interaction) -> Ask:
        """Who, where, and the token to answer with; it expires by our clock, so that skew to Discord's does not matter."""
        reply = Reply(
            interaction.token,
            self._clock() + TOKEN_SECONDS,
            {"application_id": str(interaction.application_id), "interaction_id": str(interaction.id)},
        )
        return Ask(
            actor(interaction), place(interaction), str(interaction.id), reply, answers=True, locale=str(interaction.locale)
        )

    def attachment(self, described: Mapping[str, Any]) -> Attachment:
        """A file on Discord's CDN; its bytes come through the guarded fetcher."""
        url = str(described["url"])

        async def read() -> bytes:
            return await self._fetcher.fetch(url, limit=ATTACHMENT_MOST, trusted=self._trusted)

        return Attachment(str(described["filename"]), int(described["size"]), read)


def actor(interaction: discord.Interaction) -> Actor:
    """The user. A moderator may manage messages in this channel, an admin the guild."""
    user, may = interaction.user, interaction.permissions
    inside = interaction.guild_id is not None
    return Actor(
        Platform.DISCORD,
        str(user.id),
        user.display_name,
        moderator=inside and (may.manage_messages or may.administrator),
        admin=inside and (may.manage_guild or may.administrator),
        # As the interaction tells them: Member.roles knows only what the guild's cache knows, which fills after the start.
        roles=tuple(str(role) for role in getattr(user, "_roles", ())),
    )


def place(interaction: discord.Interaction) -> Place:
    """Channel, guild and thread: in a thread `channel_id` is the parent's id and `thread_id` its own."""
    channel = interaction.channel
    here = str(interaction.channel_id or "")
    thread = isinstance(channel, discord.Thread)
    return Place(
        Platform.DISCORD,
        str(channel.parent_id) if isinstance(channel, discord.Thread) else here,
        str(interaction.guild_id or ""),
        here if thread else "",
        interaction.filesize_limit,
        reachable(interaction),
        adult(interaction),
    )


def adult(interaction: discord.Interaction) -> bool:
    """Whether the channel is age-restricted; a thread is what its parent is, and one of an unknown parent is not."""
    channel = interaction.channel
    if channel is None or isinstance(channel, discord.DMChannel | discord.GroupChannel):
        return False
    return channel.is_nsfw()


def reachable(interaction: discord.Interaction) -> bool:
    """Whether the bot itself, without the token, can see this channel: a member of the guild, or in its own DM."""
    if interaction.guild_id is None:
        return not interaction.context.private_channel
    only_user = interaction.is_user_integration() and not interaction.is_guild_integration()
    return interaction.app_permissions.view_channel and not only_user


class Sent(Protocol):
    """What a reference needs to know of a message."""

    @property
    def id(self) -> int:
        """Its id."""
        ...

    @property
    def flags(self) -> discord.MessageFlags:
        """Whether it is ephemeral."""
        ...


def message_ref(message: Sent, channel_id: str, community_id: str, extra: Mapping[str, str]) -> MessageRef:
    """Where a message stands, with the link that a person can follow. An ephemeral one is marked: only a token edits it."""
    url = f"{WEB}/{community_id or '@me'}/{channel_id}/{message.id}"
    marks = {"ephemeral": "1"} if message.flags.ephemeral else {}
    return MessageRef(channel_id, str(message.id), url, dict(extra) | marks)

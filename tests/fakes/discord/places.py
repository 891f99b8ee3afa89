"""Building the world of a test: people, servers, channels, threads, DMs."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import payloads
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import GROUP_DM, PUBLIC_THREAD, TEXT_CHANNEL, Channel, Guild, User
from tests.fakes.discord.world import World


class Places(World):
    """The makers. Each can be called before or after the bot has connected; `more` are the fields of the model."""

    def user(self, name: str = "ada", **more: Any) -> User:
        """A person: permissions (in every guild), roles, locale, limit, dms_open."""
        person = User(self.snowflake(), name, **more)
        self.users[person.id] = person
        return person

    def guild(self, name: str = "guild", **more: Any) -> Guild:
        """A server that the bot has been in before: installed, limit (bytes a file), locale, external_apps, owner."""
        guild = Guild(self.snowflake(), name, **more)
        self.guilds[guild.id] = guild
        if guild.installed:
            self.gateway.dispatch("GUILD_CREATE", payloads.guild(guild, self.me), guild.id)
        return guild

    def add_bot(self, guild: Guild, by: User) -> None:
        """Somebody adds the bot to a server that was made with `installed=False`."""
        if guild.installed:
            raise ValueError("the bot is there already")
        guild.installed = True
        guild.bots_added.append((self.snowflake(), by, self.me))
        self.gateway.dispatch("GUILD_CREATE", payloads.joined(guild, self.me), guild.id)

    def channel(self, guild: Guild | None = None, name: str = "art", **more: Any) -> Channel:
        """A text channel (in a new guild if none is given): nsfw, visible, bot_permissions."""
        home = guild or self.guild()
        channel = Channel(self.snowflake(), TEXT_CHANNEL, name, home, **more)
        return self._add(home, channel, "CHANNEL_CREATE")

    def thread(self, parent: Channel, name: str = "thread", **more: Any) -> Channel:
        """A public thread: archived, locked."""
        if parent.guild is None:
            raise ValueError("threads are in guilds")
        thread = Channel(
            self.snowflake(), PUBLIC_THREAD, name, parent.guild, parent, bot_permissions=parent.bot_permissions, **more
        )
        return self._add(parent.guild, thread, "THREAD_CREATE")

    def group_dm(self, *people: User) -> Channel:
        """A group of people without the bot: only user-installed apps work there."""
        channel = Channel(self.snowflake(), GROUP_DM, "", recipients=people)
        self.channels[channel.id] = channel
        return channel

    def revoke(self, channel: Channel) -> None:
        """Take the bot's view of a channel away: its token then gets 403/50001 there."""
        channel.visible = False

    def messages_in(self, channel: Channel) -> list[Message]:
        """What everybody sees there, oldest first."""
        return [one for one in self.messages.values() if one.channel is channel and not one.deleted and not one.ephemeral]

    def remove(self, channel: Channel) -> None:
        """Somebody deletes a channel or a thread, and with it its messages and whatever a token could say there."""
        self.channels.pop(channel.id)
        for message in self.messages.values():
            message.deleted = message.deleted or message.channel is channel

    def kick(self, guild: Guild) -> None:
        """The bot is a member no more."""
        guild.installed = False

    def _add(self, guild: Guild, channel: Channel, event: str) -> Channel:
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        if guild.installed and channel.reachable:
            self.gateway.dispatch(event, payloads.channel(channel), guild.id)
        return channel

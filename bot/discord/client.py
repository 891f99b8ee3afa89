"""The gateway client, as small as it can be: one intent, no members, no messages; and what points it at another server."""

from __future__ import annotations

import sys
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.buttons import Pressed, taken
from bot.discord.config import DiscordConfig
from bot.discord.gate import install
from bot.discord.intake import Intake
from bot.discord.sync import sync
from bot.discord.welcome import Welcome

log = structlog.get_logger()

MAX_RATELIMIT_SECONDS = 30.0
"""discord.py raises RateLimited instead of sleeping longer; 30 is the least that it allows."""


class ImagineClient(discord.AutoShardedClient):
    """Dispatches interactions to `intake` and new guilds to `welcome`, which are set before the client connects.

    Interactions come without any intent, and carry their user, channel and permissions themselves. The intent `guilds`
    (not a privileged one) tells of guilds that the bot is added to, and whether a thread's parent is age-restricted.
    """

    intake: Intake | None = None
    welcome: Welcome | None = None
    speaks_only = False
    """No gateway in this process: nothing is asked about it, nothing registered."""

    def __init__(self, config: DiscordConfig, trace: aiohttp.TraceConfig | None = None) -> None:
        """`config.api_url` and `gateway_url` are applied by `point`, once, before login."""
        super().__init__(
            intents=discord.Intents(guilds=True),
            shard_count=config.shard_count,
            guild_ready_timeout=0,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=MAX_RATELIMIT_SECONDS,
            allowed_mentions=discord.AllowedMentions.none(),
            enable_debug_events=False,
            http_trace=trace,  # type: ignore[arg-type]  # None is its default
        )
        if config.shard_ids:
            self.shard_ids = list(config.shard_ids)
        self._config = config
        self.add_dynamic_items(Pressed)

    async def setup_hook(self) -> None:
        """Called by login: find the gateway of another server, register commands."""
        install(self, MAX_RATELIMIT_SECONDS)
        if self.speaks_only:
            return
        if not self._config.official and self._config.gateway_url is None:
            _, url, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self.add_dynamic_items(Pressed)  # `clear`, before a second login, forgets them
        if self._config.registers:
            await sync(self, self._config.guild_ids)

    async def reopen(self) -> None:
        """As new after discord.py has closed itself. `clear` alone leaves the closed connector and the queue's last word."""
        self.clear()
        self.http.connector = discord.utils.MISSING
        await self._async_setup_hook()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Everything but the components that `Pressed` takes; discord.py forgets modals at a restart, so they come here."""
        if self.intake is None:
            return
        if interaction.type is discord.InteractionType.application_command:
            await self.intake.command(interaction)
        elif interaction.type is discord.InteractionType.autocomplete:
            await self.intake.suggest(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self.intake.submit(interaction)
        elif interaction.type is discord.InteractionType.component and not taken(interaction):
            await self.intake.press(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added just now."""
        if self.welcome is not None:
            await self.welcome.joined(guild)

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """A component that `Pressed` recognised."""
        if self.intake is not None:
            await self.intake.press(interaction)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """discord.py's default prints the arguments, tokens included."""
        del args, kwargs
        log.error("discord event failed", event_name=event_method, exc_info=sys.exception())


def point(config: DiscordConfig) -> None:
    """discord.py keeps both addresses on its classes; the gateway's is dialled at first and after a lost session."""
    Route.BASE = config.api_url.rstrip("/")
    if config.gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(config.gateway_url)

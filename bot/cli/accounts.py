"""The chat accounts that the settings name, for commands that speak to them without a running bot."""

from __future__ import annotations

from bot.discord.config import DiscordConfig
from bot.settings import Settings


def discord_config(settings: Settings) -> DiscordConfig | None:
    """None where Discord is off."""
    if settings.discord_token is None:
        return None
    return DiscordConfig(
        token=settings.discord_token.get_secret_value(),
        guild_ids=settings.discord_guild_ids,
        api_url=settings.discord_api_url,
    )

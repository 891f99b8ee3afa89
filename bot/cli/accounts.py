"""The chat accounts that the settings name, for commands that speak to them without a running bot."""

from __future__ import annotations

from bot.discord.config import DiscordConfig
from bot.settings import Settings
from bot.slack.config import SlackConfig


def discord_config(settings: Settings) -> DiscordConfig | None:
    """None where Discord is off."""
    if settings.discord_token is None:
        return None
    return DiscordConfig(
        token=settings.discord_token.get_secret_value(),
        guild_ids=settings.discord_guild_ids,
        api_url=settings.discord_api_url,
    )


def slack_config(settings: Settings) -> SlackConfig | None:
    """None where Slack is off."""
    if settings.slack_bot_token is None:
        return None
    app, secret = settings.slack_app_token, settings.slack_signing_secret
    return SlackConfig(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=app.get_secret_value() if app else None,
        signing_secret=secret.get_secret_value() if secret else None,
        command=settings.slack_command,
        api_url=settings.slack_api_url,
    )

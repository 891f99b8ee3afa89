"""The front ends that the settings ask for."""

from __future__ import annotations

from typing import Protocol

from starlette.types import ASGIApp

from bot.jobs.core import Core
from bot.jobs.meter import Meter
from bot.jobs.model import Platform
from bot.jobs.ports import Chat, Clock, Fetcher, Pictures
from bot.settings import Settings
from storage.messages import SqlMessages


class FrontEnd(Protocol):
    """What the three front ends have in common."""

    @property
    def chat(self) -> Chat:
        """Its way out."""
        ...

    @property
    def ready(self) -> bool:
        """Whether people reach us through it."""
        ...

    async def start(self, core: Core) -> None:
        """Connect. Raises StartError."""
        ...

    async def stop_intake(self) -> None:
        """Take nothing new."""
        ...

    async def stop(self) -> None:
        """Close."""
        ...


def build_fronts(
    settings: Settings,
    pictures: Pictures,
    fetcher: Fetcher,
    clock: Clock,
    key: str | None,
    messages: SqlMessages,
    meter: Meter | None = None,
) -> tuple[dict[Platform, FrontEnd], dict[str, ASGIApp]]:
    """The front ends that the settings ask for, and what of them is served over HTTP. Imports only what is used."""
    fronts: dict[Platform, FrontEnd] = {}
    mounts: dict[str, ASGIApp] = {}
    if settings.discord_token:
        from bot.discord.config import DiscordConfig  # noqa: PLC0415
        from bot.discord.front import DiscordFront  # noqa: PLC0415

        config = DiscordConfig(
            token=settings.discord_token.get_secret_value(),
            guild_ids=settings.discord_guild_ids,
            api_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url,
            shard_count=settings.discord_shard_count,
            shard_ids=settings.discord_shard_ids,
        )
        fronts[Platform.DISCORD] = DiscordFront(config, pictures, fetcher, clock, meter)
    if settings.slack_bot_token:
        from bot.slack.config import SlackConfig  # noqa: PLC0415
        from bot.slack.front import SlackFront  # noqa: PLC0415

        app_token, secret = settings.slack_app_token, settings.slack_signing_secret
        slack = SlackFront(
            SlackConfig(
                bot_token=settings.slack_bot_token.get_secret_value(),
                app_token=app_token.get_secret_value() if app_token else None,
                signing_secret=secret.get_secret_value() if secret else None,
                command=settings.slack_command,
                api_url=settings.slack_api_url,
            ),
            pictures,
            fetcher,
            clock,
            meter=meter,
        )
        fronts[Platform.SLACK] = slack
        if slack.http is not None:
            mounts["/slack"] = slack.http
    playground = settings.imagine_playground
    if playground if playground is not None else not fronts:
        from bot.playground.front import PlaygroundFront  # noqa: PLC0415

        page = PlaygroundFront(messages, pictures, key, clock)
        fronts[Platform.PLAYGROUND] = page
        mounts["/"] = page.app
    return fronts, mounts

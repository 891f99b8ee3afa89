"""The front ends that the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from bot.jobs.chat_port import Chat
from bot.jobs.core import Core
from bot.jobs.meter import Meter
from bot.jobs.place import Platform
from bot.jobs.ports import Clock, Fetcher, Pictures
from bot.settings import Settings
from bot.wiring.slack import build_slack, slack_wanted
from storage.db import Database
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

    async def speak(self) -> None:
        """Make `chat` work, and nothing else: this process takes no asks. Raises StartError."""
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
    db: Database,
    secret: str,
    meter: Meter | None = None,
) -> tuple[dict[Platform, FrontEnd], dict[str, ASGIApp]]:
    """The front ends that the settings ask for, and what of them is served over HTTP. Imports only what is used.

    All of them whatever this process's roles are: each worker speaks to every chat.
    """
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
            promises=settings.imagine_data_dir / _promises(settings.discord_shard_ids),
        )
        fronts[Platform.DISCORD] = DiscordFront(config, pictures, fetcher, clock, meter)
    if slack_wanted(settings):
        slack = build_slack(settings, pictures, fetcher, clock, db, secret, meter)
        fronts[Platform.SLACK] = slack
        if slack.http is not None and settings.has("slack"):
            mounts["/slack"] = slack.http
    playground = settings.imagine_playground
    if playground if playground is not None else not fronts:
        from bot.playground.front import PlaygroundFront  # noqa: PLC0415

        page = PlaygroundFront(
            SqlMessages(db), pictures, key, clock, hosts=playground_hosts(settings), shared=settings.on_server
        )
        fronts[Platform.PLAYGROUND] = page
        mounts["/"] = page.app
    return fronts, mounts


def _promises(shards: Sequence[int]) -> str:
    """Gateways that share a folder have a file each."""
    return f"discord-promises{''.join(f'-{shard}' for shard in shards)}.jsonl"


def playground_hosts(settings: Settings) -> frozenset[str]:
    """The names that people are told: the printed address's and the outside one's, as browsers send them, without a port."""
    names = (settings.http_host, urlsplit(settings.public_url or "").hostname or "")
    return frozenset(name.lower() for name in names if name)

"""What wiring hands to the Discord front end; importing it does not import discord.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

API_URL = "https://discord.com/api/v10"


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """Settings of one bot account.

    `guild_ids`: register the commands in these guilds only; empty means globally.
    `gateway_url`: None asks the API. `shard_count`: None asks the API. `shard_ids`: empty means all of them.
    `promises`: the file of answers that are owed; None keeps none.
    """

    token: str = field(repr=False)
    guild_ids: tuple[int, ...] = ()
    api_url: str = API_URL
    gateway_url: str | None = None
    shard_count: int | None = None
    shard_ids: tuple[int, ...] = ()
    promises: Path | None = None

    @property
    def registers(self) -> bool:
        """Whether this process registers the commands: of several gateways the one with the first shard."""
        return not self.shard_ids or 0 in self.shard_ids

    @property
    def official(self) -> bool:
        """Whether this is Discord itself and not another server (tests)."""
        return self.api_url.rstrip("/") == API_URL

    @property
    def trusted_host(self) -> str:
        """The host (with port) that attachments may come from although it may be private; empty for Discord itself."""
        return "" if self.official else urlsplit(self.api_url).netloc

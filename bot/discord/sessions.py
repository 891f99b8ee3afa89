"""How often the gateway's sessions begin: a bot that begins more than 1,000 a day gets its token reset by Discord."""

from __future__ import annotations

import aiohttp
import discord
import structlog

log = structlog.get_logger()

FIRST_SECONDS, MOST_SECONDS = 1.0, 300.0
"""Before a second session in a row that soon ends again; doubled for each that follows, up to the most."""
LASTING_SECONDS = 120.0
"""A connection that stood for so long was none of a row."""


class Row:
    """Connections that soon ended, one after the other: whatever ends them may do it to the next one too."""

    def __init__(self) -> None:
        self._next = 0.0

    def ended(self, lasted: float) -> float:
        """Seconds to wait before the next one, after one that lasted so many. The first of a row waits for nothing."""
        if lasted >= LASTING_SECONDS:
            self._next = 0.0
        seconds = self._next
        self._next = min(max(FIRST_SECONDS, 2 * seconds), MOST_SECONDS)
        return seconds


async def begins_in(client: discord.AutoShardedClient) -> float:
    """Seconds until Discord allows a session for every shard of ours; 0 where it does not say."""
    try:
        allowed = await client.fetch_session_start_limits()
        if allowed.remaining >= len(client.shard_ids or range(client.shard_count or 1)):
            return 0.0
        log.error("discord allows no session of the gateway today", remaining=allowed.remaining)
        return max(0.0, allowed.reset_after / 1000)
    except (discord.DiscordException, aiohttp.ClientError, OSError, LookupError, TypeError, ValueError) as error:
        log.warning("discord does not say how often a session may begin", why=str(error) or type(error).__name__)
        return 0.0

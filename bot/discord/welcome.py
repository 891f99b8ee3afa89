"""The bot was added to a guild: the core's guide goes to whoever added it, once."""

from __future__ import annotations

import discord
import structlog

from bot.discord.faults import faults
from bot.discord.notices import Notices
from bot.discord.waits import CALL_SECONDS
from bot.jobs.chat_port import ChatError
from bot.jobs.core import Core
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Card

log = structlog.get_logger()

_ENTRIES = 10
"""Bots that were added last; ours is among them, since it was added just now."""


class Welcome:
    """Answers discord.py's on_guild_join.

    That fires for real joins alone: a guild of READY or after an outage comes as `unavailable: false`, which is
    on_guild_available (discord.py's ConnectionState.parse_guild_create).
    """

    def __init__(self, client: discord.Client, core: Core, notices: Notices) -> None:
        self._client = client
        self._core = core
        self._notices = notices

    async def joined(self, guild: discord.Guild) -> None:
        """Ask the core for its guide and show it."""
        hall = guild.system_channel.id if guild.system_channel else 0
        adder = await self._adder(guild)
        if not adder:
            log.warning("discord guild joined, nobody to show the guide to", guild=guild.id)
            return
        card = await self._core.joined(Place(Platform.DISCORD, str(hall or ""), str(guild.id)), str(adder))
        if card is not None:
            await self._show(card, guild.id, adder, hall)

    async def _adder(self, guild: discord.Guild) -> int:
        """The audit log's word where we may read it, else the owner's id."""
        try:
            async with faults(CALL_SECONDS):
                return await self._logged(guild) or guild.owner_id or 0
        except ChatError as error:
            log.info("discord audit log not read, the guide goes to the owner", guild=guild.id, why=error.text)
            return guild.owner_id or 0

    async def _logged(self, guild: discord.Guild) -> int:
        us = self._client.user.id if self._client.user else 0
        async for entry in guild.audit_logs(limit=_ENTRIES, action=discord.AuditLogAction.bot_add):
            if getattr(entry.target, "id", 0) == us and entry.user_id:
                return entry.user_id
        return 0

    async def _show(self, card: Card, guild_id: int, adder: int, hall: int) -> None:
        key = f"joined:{guild_id}"
        try:
            await self._notices.direct(str(adder), card, key)
        except ChatError as error:
            log.info("discord guide not taken as a DM", guild=guild_id, why=error.text)
            await self._in_hall(card, guild_id, hall, key)

    async def _in_hall(self, card: Card, guild_id: int, hall: int, key: str) -> None:
        if not hall:
            log.warning("discord guide not shown: no DM, no system channel", guild=guild_id)
            return
        try:
            await self._notices.post(str(hall), card, key, str(guild_id))
        except ChatError as error:
            log.warning("discord guide not shown", guild=guild_id, why=error.text)

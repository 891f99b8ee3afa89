"""Requests that an earlier life promised an answer to and did not begin: they are told so, and "think" no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord
import structlog

from bot.discord.faults import faults
from bot.discord.files import draw
from bot.discord.promises import Promise
from bot.discord.respond import private_card
from bot.discord.routes import TokenRoute
from bot.discord.waits import CALL_SECONDS
from bot.errors import StoreUnavailable
from bot.jobs.chat_port import ChatError
from bot.jobs.core import Core
from bot.jobs.place import Platform, Reply
from bot.jobs.ports import Pictures
from bot.texts import discord as texts

log = structlog.get_logger()


async def amend(client: discord.Client, core: Core, pictures: Pictures, left: Sequence[Promise]) -> None:
    """One after the other; what became a job is the core's to show. Raises nothing but cancellation."""
    for promise in left:
        try:
            if not await core.became_job(Platform.DISCORD, promise.interaction):
                await _say(client, pictures, promise)
        except (ChatError, StoreUnavailable) as error:
            log.info("discord promise not amended", interaction=promise.interaction, why=str(error))
        except Exception:
            log.exception("discord amends failed", interaction=promise.interaction)
        await asyncio.sleep(0)


async def _say(client: discord.Client, pictures: Pictures, promise: Promise) -> None:
    """A message that shows something by now had its answer just before the kill."""
    route = TokenRoute(client, Reply(promise.token, promise.ends, {"application_id": promise.application}))
    drawing = await draw(private_card(texts.RESTARTED), pictures)
    async with faults(CALL_SECONDS):
        if promise.silent:
            await route.whisper(drawing)
        elif (await route.original()).flags.loading:
            await route.fill(drawing)
    log.info("discord promise amended", interaction=promise.interaction)

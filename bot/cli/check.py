"""`imagine-bot check`: one line for each thing that must be right, with how to mend what is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable

import click

from bot.cli import environment
from bot.cli.accounts import discord_config
from bot.cli.probes import data_folder, database, pictures, public_url
from bot.errors import StartError
from bot.logs import SECRETS
from bot.settings import Settings
from bot.settings_load import SettingsError
from bot.texts import check as texts
from bot.wiring import Bot
from bot.wiring.slack import check_slack, slack_wanted
from providers.base import Health

Found = tuple[str, Health]
"""What was looked at, and how it is."""


@click.command("check", help=texts.ABOUT)
@click.pass_context
def command(context: click.Context) -> None:
    """Exit code 1 if anything is wrong."""
    if not asyncio.run(tell_all()):
        context.exit(1)


async def tell_all() -> bool:
    """Write each finding as it comes; whether all is well."""
    well = True
    async for subject, health in findings():
        well = well and health.ok
        click.echo(SECRETS.hide(texts.line(subject, health.sentence, ok=health.ok, low=health.low)))
    return well


async def findings() -> AsyncIterator[Found]:
    """Settings first: without them nothing else can be looked at."""
    try:
        settings = environment.settings()
    except SettingsError as error:
        for line in error.lines:
            yield texts.SETTINGS, Health(ok=False, sentence=line)
        return
    yield texts.SETTINGS, Health(ok=True, sentence=texts.SETTINGS_GOOD)
    folder = data_folder(settings.imagine_data_dir)
    yield texts.DATA, folder
    if folder.ok:
        async for found in _inside(settings):
            yield found
    async for found in _outside(settings):
        yield found


async def _inside(settings: Settings) -> AsyncIterator[Found]:
    """What this machine keeps, and who draws."""
    try:
        bot = Bot(settings)
    except StartError as error:
        yield texts.START, Health(ok=False, sentence=str(error))
        return
    try:
        yield texts.DATABASE, await database(bot.db)
        yield texts.PICTURES, await pictures(bot.house.pictures)
        for provider in bot.house.providers.all():
            yield f"{texts.PROVIDER} {provider.capabilities.name}", await _one(provider.check())
        for name, service in bot.moderations.items():
            yield f"{texts.MODERATION} {name}", await _one(service.check())
        if settings.slack_client_id is not None:
            for health in await _all(check_slack(settings, bot.db, bot.secret)):
                yield texts.SLACK, health
    finally:
        bot.pool.close()
        await bot.db.close()


async def _outside(settings: Settings) -> AsyncIterator[Found]:
    """The chats and the way in."""
    discord = discord_config(settings)
    if discord is not None:
        from bot.discord.check import check as check_discord  # noqa: PLC0415  (only where Discord is used)

        for health in await _all(check_discord(discord)):
            yield texts.DISCORD, health
    if slack_wanted(settings) and settings.slack_client_id is None:
        for health in await _all(check_slack(settings)):
            yield texts.SLACK, health
    if settings.public_url is not None:
        yield texts.PUBLIC, await _one(public_url(settings.public_url))


async def _all(asked: Awaitable[list[Health]]) -> list[Health]:
    """What was found; whatever goes wrong over one question, the others are asked too."""
    try:
        return await asked
    except StartError as error:
        return [Health(ok=False, sentence=str(error))]
    except Exception as error:  # noqa: BLE001  (a bug of ours, told like any finding)
        return [Health(ok=False, sentence=texts.broke(f"{type(error).__name__}: {error}"))]


async def _one(asked: Awaitable[Health]) -> Health:
    """The same for a question with one answer."""

    async def listed() -> list[Health]:
        return [await asked]

    return (await _all(listed()))[0]

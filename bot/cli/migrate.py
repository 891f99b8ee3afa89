"""`imagine-bot migrate`."""

from __future__ import annotations

import asyncio

import click

from bot.cli import environment
from bot.settings import Settings
from bot.texts import cli as texts
from bot.wiring import open_database
from storage.migrate import HEAD, upgrade


@click.command("migrate", help=texts.MIGRATE)
def command() -> None:
    """Exit code 2 when the database cannot be written."""
    click.echo(asyncio.run(migrate(environment.settings())))


async def migrate(settings: Settings) -> str:
    """What was done, as a sentence. Raises StartError."""
    db = open_database(settings)
    try:
        before = await upgrade(db)
    finally:
        await db.close()
    return texts.migrated(db.name, before, HEAD)

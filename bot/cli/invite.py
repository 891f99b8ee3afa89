"""`imagine-bot invite`: the link that adds the bot to a Discord server."""

from __future__ import annotations

import asyncio
import binascii
from base64 import urlsafe_b64decode

import click

from bot.cli import environment
from bot.cli.accounts import discord_config
from bot.discord.check import Unanswered, application_id
from bot.discord.config import DiscordConfig
from bot.discord.invite import invite_url
from bot.errors import StartError
from bot.texts import cli as texts


@click.command("invite", help=texts.INVITE)
def command() -> None:
    """Asks Discord who the token belongs to; where that fails, the token itself says it."""
    config = discord_config(environment.settings())
    if config is None:
        raise StartError(texts.NO_DISCORD)
    click.echo(invite_url(_application(config)))


def _application(config: DiscordConfig) -> str:
    try:
        return asyncio.run(application_id(config))
    except Unanswered as error:
        told = id_in_token(config.token)
        if told is None:
            raise StartError(str(error)) from error
        click.echo(texts.offline_id(str(error)), err=True)
        return told


def id_in_token(token: str) -> str | None:
    """A token's first part is its bot's user id in base64; the application has the same id (except very old ones)."""
    first = token.partition(".")[0]
    try:
        told = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return told if told.isdigit() else None

"""`imagine-bot quota ...`: what a user has used, and more of it, beside a running bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import click

from bot.cli import environment
from bot.cli.desk import open_desk, open_policy
from bot.errors import StartError
from bot.jobs.place import Platform
from bot.policy.ports import PolicyStore
from bot.policy.records import Entry, What
from bot.texts import cli as texts

UNITS_MOST = 100_000


@click.group("quota", help=texts.QUOTA)
def command() -> None:
    """Three commands."""


@command.command("show", help=texts.QUOTA_SHOW)
@click.argument("user_key", metavar="USERKEY")
def show(user_key: str) -> None:
    """Exit code 2 for what is no user key."""
    _change(user_key)


@command.command("grant", help=texts.QUOTA_GRANT)
@click.argument("user_key", metavar="USERKEY")
@click.argument("units", metavar="N", type=click.IntRange(1, UNITS_MOST))
def grant(user_key: str, units: int) -> None:
    """Audited as the operator's."""
    entry = _entry(What.GRANTED, user_key, texts.granted(units))
    _change(user_key, lambda policy: policy.grant("", user_key, units, entry, time.time()))


@command.command("reset", help=texts.QUOTA_RESET)
@click.argument("user_key", metavar="USERKEY")
def reset(user_key: str) -> None:
    """Audited as the operator's."""
    entry = _entry(What.RESET, user_key, texts.RESET_TEXT)
    _change(user_key, lambda policy: policy.reset("", user_key, entry, time.time()))


def _entry(what: What, user_key: str, text: str) -> Entry:
    """Of no community: units count everywhere."""
    return Entry("", what, actor=texts.OPERATOR, name=texts.OPERATOR, subject=user_key, text=text)


def _change(user_key: str, change: Callable[[PolicyStore], Awaitable[object]] | None = None) -> None:
    """Do it, then show how the user stands."""
    platform, _, user_id = user_key.partition(":")
    if platform not in set(Platform) or not user_id:
        raise StartError(texts.user_key(user_key))
    click.echo(asyncio.run(_at_desk(user_key, change)))


async def _at_desk(user_key: str, change: Callable[[PolicyStore], Awaitable[object]] | None) -> str:
    settings = environment.settings()
    async with open_desk(settings) as desk:
        policy = open_policy(settings, desk)
        if change is not None:
            await change(policy)
        used = await policy.used_by(user_key, time.time())
    return texts.quota(user_key, used.day, settings.imagine_daily_images, used.month)

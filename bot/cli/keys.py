"""`imagine-bot keys ...`: who may use the job API, and how much; beside a running bot, which asks for the key every time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TypeVar

import click

from bot.api import tokens
from bot.api.ports import COMMUNITY, Key, Scope
from bot.api.status import moment
from bot.cli import environment
from bot.cli.desk import open_desk, open_policy
from bot.errors import StartError
from bot.jobs.clean import clean
from bot.jobs.place import Platform
from bot.logs import harmless
from bot.policy.ports import PolicyStore
from bot.policy.records import Entry, Override, What
from bot.secret import kept_secret
from bot.settings import Settings
from bot.texts import api as texts
from bot.texts import cli as cli_texts
from storage.api.store import SqlApi

T = TypeVar("T")
DAY = 86400.0
HEAD = ("id", "name", "scopes", "per minute", "community", "made", "used", "until")


@click.group("keys", help=texts.KEYS)
def command() -> None:
    """Three commands."""


@command.command("create", help=texts.KEYS_CREATE)
@click.argument("name", metavar="NAME")
@click.option(
    "--scope", "scopes", metavar="SCOPE", multiple=True, type=click.Choice([one.value for one in Scope]), help=texts.SCOPE
)
@click.option("--daily", metavar="N", type=click.IntRange(0, 1_000_000), help=texts.DAILY)
@click.option(
    "--per-minute", metavar="N", type=click.IntRange(1, 100_000), default=120, show_default=True, help=texts.PER_MINUTE
)
@click.option("--days", metavar="N", type=click.IntRange(1, 36_500), help=texts.DAYS)
@click.option("--community", metavar="KEY", default=COMMUNITY, help=texts.COMMUNITY)
@click.option("--role", "roles", metavar="ROLE", multiple=True, help=texts.ROLE)
def create(
    name: str,
    scopes: tuple[str, ...],
    daily: int | None,
    per_minute: int,
    days: int | None,
    community: str,
    roles: tuple[str, ...],
) -> None:
    """Prints the token, once. Exit code 2 for what is no name or community."""
    called, platform = clean(name), community.partition(":")[0]
    if not called:
        raise StartError(texts.BAD_NAME)
    if platform not in set(Platform) or not community.partition(":")[2]:
        raise StartError(texts.community(community))
    key_id, token = tokens.new_token()
    now = time.time()
    key = Key(
        key_id,
        called,
        tokens.digest_of(token),
        now,
        tuple(Scope(one) for one in scopes) or tuple(Scope),
        per_minute,
        community,
        roles,
        now + days * DAY if days else None,
    )
    settings = environment.settings()

    async def made(store: SqlApi, policy: PolicyStore) -> None:
        if daily is not None:
            limited = _entry(What.LIMITED, key, "limited")
            await policy.put_override(key.community, key.user_key, Override(daily=daily), limited)
        await store.add_key(key)
        await policy.record(_entry(What.SETTING, key, "made"))

    _at_desk(settings, made)
    click.echo(texts.made(token, tokens.callback_secret(_secret(settings), key_id)))


@command.command("list", help=texts.KEYS_LIST)
@click.option("--json", "as_array", is_flag=True, help=cli_texts.AS_JSON)
def list_keys(*, as_array: bool) -> None:
    """No digests."""

    async def all_keys(store: SqlApi, _policy: PolicyStore) -> list[Key]:
        return await store.all_keys()

    keys = _at_desk(environment.settings(), all_keys)
    if as_array:
        kept = [{name: value for name, value in asdict(key).items() if name != "digest"} for key in keys]
        click.echo(json.dumps(kept, ensure_ascii=False, indent=2))
    else:
        click.echo(_table(keys) if keys else texts.NO_KEYS)


@command.command("revoke", help=texts.KEYS_REVOKE)
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Exit code 2 where there is nothing to revoke."""

    async def revoked(store: SqlApi, policy: PolicyStore) -> bool:
        key = await store.key(key_id)
        if key is None or not await store.revoke_key(key_id, time.time()):
            return False
        await policy.record(_entry(What.SETTING, key, "revoked"))
        return True

    if not _at_desk(environment.settings(), revoked):
        raise StartError(texts.unknown(harmless(key_id)))
    click.echo(texts.revoked(key_id))


def _entry(what: What, key: Key, done: str) -> Entry:
    """The operator's, of the community that the key draws under."""
    said = texts.audited(key.name, key.id, done)
    return Entry(key.community, what, actor=cli_texts.OPERATOR, name=cli_texts.OPERATOR, subject=key.user_key, text=said)


def _table(keys: list[Key]) -> str:
    rows = [HEAD, *map(_cells, keys)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cells(key: Key) -> tuple[str, ...]:
    until = "revoked" if key.revoked_at is not None else moment(key.expires_at) if key.expires_at else "-"
    used = moment(key.used_at) if key.used_at else "never"
    names = (key.id, key.name, ",".join(key.scopes), str(key.per_minute), key.community, moment(key.created_at))
    return tuple(map(harmless, (*names, used, until)))


def _secret(settings: Settings) -> str:
    given = settings.imagine_secret
    return given.get_secret_value() if given else kept_secret(settings.imagine_data_dir)


def _at_desk(settings: Settings, work: Callable[[SqlApi, PolicyStore], Awaitable[T]]) -> T:
    async def at_desk() -> T:
        async with open_desk(settings) as desk:
            return await work(SqlApi(desk.db), open_policy(settings, desk))

    return asyncio.run(at_desk())

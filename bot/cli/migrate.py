"""`imagine-bot migrate`: a database up to this version, or as a whole into another one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.cli import environment
from bot.engine.lock import OF_FOLDER, folder_lock, take
from bot.errors import StartError
from bot.logs import add_secret
from bot.setting_kinds import database_url
from bot.settings import Settings, logins
from bot.texts import cli as texts
from bot.texts import moving
from bot.texts import settings as kinds
from bot.wiring import open_database
from bot.wiring.stores import database_at, database_lock
from storage.damage import sound
from storage.db import Database
from storage.migrate import HEAD, upgrade
from storage.moving import InUse, Moved, NotMoved, move


class Address(click.ParamType[str]):
    """What DATABASE_URL may be."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its password is shown nowhere."""
        for secret in logins(value):
            add_secret(secret)
        url = database_url(value)
        if url is None:
            self.fail(moving.no_address(kinds.DATABASE_URL), param, ctx)
        return url


@click.command("migrate", help=texts.MIGRATE)
@click.option("--from", "source", type=Address(), help=moving.FROM)
@click.option("--to", "target", type=Address(), help=moving.TO)
def command(source: str | None, target: str | None) -> None:
    """Exit code 2 when a database cannot be written, or was not moved."""
    settings = environment.settings()
    if source is None and target is None:
        click.echo(asyncio.run(migrate(settings)))
        return
    if target is None:
        raise StartError(moving.NO_TARGET)
    old, new = database_at(source) if source else open_database(settings), database_at(target)
    with _locked(settings, old), _locked(settings, new):
        asyncio.run(_move(settings, old, new))


async def migrate(settings: Settings) -> str:
    """What was done, as a sentence. Raises StartError."""
    db = open_database(settings)
    try:
        await sound(db)
        before = await upgrade(db)
    finally:
        await db.close()
    return texts.migrated(db.name, before, HEAD)


async def _move(settings: Settings, old: Database, new: Database) -> None:
    """Raises StartError: then nothing was moved."""
    if not old.there:
        raise StartError(texts.no_database(old.name))
    try:
        moved = await move(old, new, _tell)
    except InUse as error:
        raise StartError(moving.in_use(str(error))) from error
    except NotMoved as error:
        raise StartError(moving.not_moved(str(error))) from error
    finally:
        await old.close()
        await new.close()
    click.echo(moving.moved(old.name, new.name, sum(one.rows for one in moved)))
    click.echo(moving.next_steps(_secret(settings), on_server=new.path is None))


def _secret(settings: Settings) -> str | None:
    """The file that holds it; None where the settings do."""
    return None if settings.imagine_secret else str(settings.imagine_data_dir / "secret")


def _tell(one: Moved) -> None:
    click.echo(moving.table(one.table, one.rows, one.digest))


@contextmanager
def _locked(settings: Settings, db: Database) -> Iterator[None]:
    """No bot runs on a file, and none can start. Raises StartError."""
    locks = [folder_lock(path) for path in _locks(settings, db)]
    try:
        for lock in locks:
            take(lock)
        yield
    finally:
        for lock in locks:
            lock.release()


def _locks(settings: Settings, db: Database) -> Iterator[Path]:
    """Of a data folder in which the file stands, whosever it is; and of the file itself."""
    if db.path is None:
        return
    beside = db.path.resolve().parent / OF_FOLDER
    if beside.exists() or beside.parent == settings.imagine_data_dir.resolve():
        yield beside
    if (own := database_lock(settings, db)) is not None:
        yield own

"""`imagine-bot restore`: a backup back into the data folder, whole or with a word of what is missing."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.cli import environment
from bot.cli.swap import swap, whole
from bot.engine.lock import OF_FOLDER, folder_lock, take
from bot.errors import StartError, StoreUnavailable
from bot.jobs.ports import Pictures
from bot.settings import Settings
from bot.texts import backup as texts
from bot.wiring import open_database, open_pictures
from bot.wiring.stores import database_lock
from storage import archive
from storage.archive import DATABASE, SECRET, BadBackup, Manifest
from storage.migrate import HEAD

FOLDERS = ("jobs", "calls", "inputs")
MIMES = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))


@click.command("restore", help=texts.RESTORE)
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=texts.FORCE)
def command(source: Path, *, force: bool) -> None:
    """Exit code 2 where it was not put back."""
    settings = environment.settings_for_restore()
    with _locked(settings):
        try:
            manifest, aside = asyncio.run(restore(settings, source, force=force))
        except (OSError, StoreUnavailable) as error:
            raise StartError(texts.unrestored(str(error))) from error
    if aside:
        click.echo(texts.set_aside(", ".join(map(str, aside))))
    counts = manifest.counts["jobs"], manifest.open_jobs, manifest.pictures
    click.echo(texts.restored(str(source), manifest.made, *counts))


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """No bot runs on the data folder, nor on a database elsewhere, and none can start. Raises StartError."""
    own = database_lock(settings, open_database(settings))
    locks = [folder_lock(path) for path in (settings.imagine_data_dir / OF_FOLDER, own) if path]
    try:
        for lock in locks:
            take(lock)
        yield
    finally:
        for lock in locks:
            lock.release()


async def restore(settings: Settings, source: Path, *, force: bool) -> tuple[Manifest, list[Path]]:
    """Check everything, then pictures, then secret and database. Raises StartError, StoreUnavailable, OSError.

    Returns the manifest and what was set aside. Only the holder of the folder's lock may call it.
    """
    database, store = open_database(settings).path, open_pictures(settings)
    if database is None:
        raise StartError(texts.TO_A_SERVER)
    if not force:
        whole(settings.imagine_data_dir)
        if await asyncio.to_thread(database.exists):
            raise StartError(texts.not_empty(str(database)))
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as scratch:
        folder = Path(scratch)
        try:
            manifest = await asyncio.to_thread(archive.unpack, source, folder)
        except BadBackup as error:
            raise StartError(texts.unusable(str(source), str(error))) from error
        if manifest.revision > HEAD:
            raise StartError(texts.newer(str(source), manifest.revision, HEAD))
        if not force:
            await _unused(settings, store)
        for key, data in archive.pictures(source):
            await store.put(key, data, _mime(data))
        home = settings.imagine_data_dir
        return manifest, swap(home, {folder / SECRET: home / SECRET, folder / DATABASE: database})


async def _unused(settings: Settings, store: Pictures) -> None:
    """No jobs' pictures are there."""
    for folder in FOLDERS:
        async for keys in store.keys(folder):
            if keys:
                raise StartError(texts.not_empty(settings.pictures_url or str(settings.imagine_data_dir / "pictures")))


def _mime(data: bytes) -> str:
    return next((mime for head, mime in MIMES if data.startswith(head)), "application/octet-stream")

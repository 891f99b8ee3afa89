"""`imagine-bot backup`: database, secret and pictures in one file, beside a running bot."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from bot.cli import environment
from bot.engine.lock import OF_FOLDER
from bot.errors import StartError
from bot.jobs.ports import Pictures
from bot.settings import Settings
from bot.texts import backup as texts
from bot.texts import cli as cli_texts
from bot.wiring import open_database, open_pictures
from storage import snapshot
from storage.archive import DATABASE, PICTURES, SECRET, Manifest, Writer
from storage.damage import Damaged
from storage.snapshot import Snapshot

OURS = (DATABASE, SECRET, PICTURES.rstrip("/"), OF_FOLDER)
"""Names in the data folder that are the bot's, there or not."""
BESIDE = ("-wal", "-shm", "-journal")
"""How SQLite's files beside a database end: it would take another's for its own."""


@click.command("backup", help=texts.BACKUP)
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option("--no-pictures", is_flag=True, help=texts.NO_PICTURES)
def command(target: Path | None, *, no_pictures: bool) -> None:
    """Exit code 2 where no backup was made; nothing is left of it then."""
    settings = environment.settings()
    path = _target(settings, target)
    try:
        manifest = asyncio.run(backup(settings, path, with_pictures=not no_pictures))
    except OSError as error:
        raise StartError(texts.unwritable(str(path), error.strerror or str(error))) from error
    counts = manifest.counts["jobs"], manifest.open_jobs, manifest.pictures
    click.echo(texts.made(str(path), *counts, path.stat().st_size, manifest.missing))


def _target(settings: Settings, typed: Path | None) -> Path:
    """A folder gets a file with the time in its name."""
    target = typed or settings.imagine_data_dir / "backups"
    if typed is not None and not target.is_dir():
        return target
    return target / f"imagine-bot-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"


def _free(settings: Settings, source: Path, path: Path) -> None:
    """An earlier backup may be the only good one; a name of the bot's own would be taken for its file. Raises StartError."""
    if path.exists() or path.is_symlink():
        raise StartError(texts.exists(str(path)))
    home, there = settings.imagine_data_dir.resolve(), path.resolve()
    first = there.relative_to(home).parts[0] if there.is_relative_to(home) else ""
    if first in OURS or str(there).removeprefix(str(source.resolve())) in BESIDE:
        raise StartError(texts.reserved(str(path)))


async def backup(settings: Settings, path: Path, *, with_pictures: bool = True) -> Manifest:
    """The database first: every picture that it names is in the store by then.

    Raises StartError, StoreUnavailable, OSError.
    """
    source = open_database(settings).path
    if source is None:
        raise StartError(texts.ON_A_SERVER)
    if not source.exists():
        raise StartError(cli_texts.no_database(str(source)))
    _free(settings, source, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as scratch:
        try:
            copy = await snapshot.take(source, Path(scratch) / DATABASE)
        except Damaged as error:
            raise StartError(texts.damaged(str(source), str(error))) from error
        return await _pack(settings, path, copy, with_pictures=with_pictures)


async def _pack(settings: Settings, path: Path, copy: Snapshot, *, with_pictures: bool) -> Manifest:
    writer = Writer(path)
    try:
        await asyncio.to_thread(writer.file, DATABASE, copy.path)
        secret = settings.imagine_data_dir / SECRET
        if secret.exists():
            writer.file(SECRET, secret)
        missing = await _pictures(writer, open_pictures(settings), copy.path) if with_pictures else 0
        manifest = _manifest(copy, writer, missing, with_pictures=with_pictures)
        await asyncio.to_thread(writer.finish, manifest)
    finally:
        writer.drop()
    return manifest


async def _pictures(writer: Writer, store: Pictures, database: Path) -> int:
    """All that the copy names; how many the store has no more (deleted since, or lost)."""
    missing, inputs = 0, set[str]()
    async for keys in snapshot.named(database):
        for key in keys:
            if key in inputs:  # re-rolls share one
                continue
            if key.startswith("inputs/"):
                inputs.add(key)
            try:
                data = await store.get(key)
            except (KeyError, ValueError):  # a provider's id may look like a key
                missing += 1
                continue
            await asyncio.to_thread(writer.picture, key, data)
    return missing


def _manifest(copy: Snapshot, writer: Writer, missing: int, *, with_pictures: bool) -> Manifest:
    tally = writer.tally
    return Manifest(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("imagine-bot"),
        revision=copy.revision,
        counts=copy.counts,
        open_jobs=copy.open_jobs,
        sha256=copy.sha256,
        with_pictures=with_pictures,
        pictures=tally.pictures,
        size=tally.size,
        missing=missing,
        digest=tally.digest,
    )

"""Where things are kept, and who may connect: small questions to the settings that commands ask, too."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

from bot.engine.lock import OF_DATABASE
from bot.errors import StartError
from bot.settings import Settings
from bot.texts import cli as texts
from storage.db import Database, sqlite_url
from storage.pictures import ObstorePictures
from storage.postgres import PostgresDatabase, is_postgres, postgres_url

KEEPING_POOL = 2


def open_database(settings: Settings) -> Database:
    """The configured database, or the file in the data folder."""
    return database_at(settings.database_url or f"sqlite:///{settings.imagine_data_dir / 'imagine.db'}")


def database_at(url: str) -> Database:
    """A file or a server, by its address; nothing is opened yet. Raises StartError where the server's driver is missing."""
    if not is_postgres(url):
        return Database(sqlite_url(url))
    if find_spec("psycopg") is None:
        raise StartError(texts.NO_DRIVER)
    return PostgresDatabase(postgres_url(url))


def open_keeping(settings: Settings, db: Database) -> Database:
    """Where leases are renewed and left jobs are looked for: on a server through connections of its own.

    A beat that waits behind two hundred looks for a connection comes too late.
    """
    url = settings.database_url
    return PostgresDatabase(postgres_url(url), pool=KEEPING_POOL) if url and is_postgres(url) else db


def open_pictures(settings: Settings) -> ObstorePictures:
    """The configured picture store, or the folder in the data folder."""
    return ObstorePictures(settings.pictures_url or str(settings.imagine_data_dir / "pictures"))


def database_lock(settings: Settings, db: Database) -> Path | None:
    """The lock beside a database outside the data folder: two data folders must not share one. A server has none."""
    if db.path is None:
        return None
    path = db.path.resolve()
    return None if path.parent == settings.imagine_data_dir.resolve() else path.with_name(f"{path.stem}{OF_DATABASE}")


def loopback(host: str) -> bool:
    """Whether only this machine can connect to an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

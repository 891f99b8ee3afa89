"""A fresh database as a copy of one that was made once: making all tables anew for every test costs more than most tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine

from storage.db import Database
from storage.migrate import _create, upgrade


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="imagine-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = create_engine(f"sqlite:///{folder / 'bot.db'}")
    with engine.begin() as connection:
        _create(connection)
    engine.dispose()
    return folder / "bot.db"


def put(path: Path) -> None:
    """A database with the newest tables at `path`, unless one is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_made(), path)


async def prepared(db: Database) -> None:
    """As `storage.migrate.upgrade` leaves it."""
    if db.path is not None:
        put(db.path)
    await upgrade(db)

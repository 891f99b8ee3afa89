"""The engine that the settings ask for, and how long a lease lasts under it."""

from __future__ import annotations

from typing import Protocol

from bot.engine.embedded import EmbeddedEngine
from bot.engine.lock import OF_FOLDER
from bot.errors import StartError
from bot.jobs.ports import Advance, Clock, Engine
from bot.settings import Settings
from bot.texts import cluster as texts
from bot.wiring.stores import database_lock
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.leases import LeaseKeeping

SHARED_LEASE = 30.0
"""Seconds after which others may take the jobs of a process that was killed."""


class ProcessEngine(Engine, Protocol):
    """An engine with its life in this process."""

    def lock(self) -> None:
        """Keep other processes out where there can be but one. Raises StartError."""
        ...

    async def start(self) -> None:
        """Begin. Raises StartError."""
        ...

    async def stop(self, grace: float) -> None:
        """Begin no more looks, wait up to `grace` seconds for those that run, cut the rest."""
        ...

    @property
    def lag(self) -> float:
        """Seconds that looks wait past their time."""
        ...


def build_engine(
    settings: Settings, db: Database, store: SqlJobStore, keeping: LeaseKeeping, look: Advance, clock: Clock
) -> ProcessEngine:
    """Embedded beside a SQLite file; procrastinate, which is imported only then, on a server. Raises StartError."""
    if settings.database_url is None or not settings.on_server:
        lock, own = settings.imagine_data_dir / OF_FOLDER, database_lock(settings, db)
        return EmbeddedEngine(look, store.due, clock, lock_path=lock, database_lock=own)
    try:
        from bot.engine.distributed import DistributedEngine  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise StartError(texts.no_library(error.name or str(error))) from error
    return DistributedEngine(settings.database_url, look, keeping.left, clock, works=settings.has("worker"))

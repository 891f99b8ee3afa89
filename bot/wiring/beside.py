"""What runs beside the engine: carries notices, sweeps, watches the providers. Once, however many processes there are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.messenger import Messenger
from bot.jobs.house import House
from bot.jobs.sweep import Sweeper
from bot.jobs.watchman import Watchman
from bot.settings import Settings
from bot.wiring.loop import Beside, Loop
from storage.db import Database
from storage.sweeping import Sweeping

NOTICE_SECONDS = 1.0
"""Between two looks for notices that other processes wrote: they cannot ring here."""


def build_messenger(settings: Settings, house: House) -> Messenger:
    """The carrier of notices."""
    return Messenger(house, every=NOTICE_SECONDS) if settings.on_server else Messenger(house)


def build_beside(settings: Settings, house: House, db: Database, messenger: Messenger) -> Sequence[Beside]:
    """Itself in the only process; in the leader of several, which is a worker since only those speak to every chat."""
    duties = (Watchman(house.providers, house.troubles), Sweeper(house, Sweeping(db)), Loop(messenger.run))
    if settings.database_url is None or not settings.on_server:
        return duties
    if not settings.has("worker"):
        return ()
    from bot.engine.leader import Leader  # noqa: PLC0415  (its driver is there only where a server is used)

    return (Leader(settings.database_url, duties),)

"""The whole bot in this process, as `imagine-bot run` builds it: settings in, `Bot` out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.jobs.ports import Clock
from bot.settings_load import load_settings
from bot.wiring import Bot
from providers.base import Provider
from tests.support.template import put

QUICK = {
    "HTTP_PORT": "0",
    "IMAGINE_SKETCH_SECONDS": "0",
    "IMAGINE_POLL_SECONDS": "0.02",
    "IMAGINE_STOP_SECONDS": "1",
    "IMAGINE_PLAYGROUND": "off",
}
"""A free port, nothing drawn slowly, nothing waited for."""


@asynccontextmanager
async def running_bot(
    folder: Path,
    settings: Mapping[str, str],
    *,
    more: Sequence[Provider] = (),
    clock: Clock = time.time,
    hosts: Mapping[str, str] | None = None,
    prepare: Callable[[Bot], None] | None = None,
) -> AsyncIterator[Bot]:
    """Start, run, stop; the same folder again is a restart. `settings` win over QUICK; `prepare` gets the unstarted bot."""
    values = QUICK | {"IMAGINE_DATA_DIR": str(folder)} | dict(settings)
    bot = Bot(load_settings(values, None), more=more, clock=clock, hosts=hosts)
    if bot.db.path is not None:
        put(bot.db.path)
    if prepare is not None:
        prepare(bot)
    try:
        await bot.start()
        yield bot
    finally:
        await bot.stop()

"""`imagine-bot run`: start, say where the playground is, wait for a signal, stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal

import click
import structlog

from bot.cli import environment
from bot.cli.app import uncollected
from bot.jobs.place import Platform
from bot.logs import add_secret, configure_logs
from bot.secret import kept_secret
from bot.settings import Settings
from bot.texts import cli as texts
from bot.wiring import Bot

log = structlog.get_logger(__name__)


class Signals:
    """SIGTERM and SIGINT of this process: the first asks for a stop, the second cuts."""

    def __init__(self) -> None:
        """Takes the signals over; needs the running loop."""
        self.stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, self._take, one)

    def _take(self, which: signal.Signals) -> None:
        if self.stop.is_set():
            log.warning("cut by a second signal", signal=which.name)
            os._exit(128 + which)  # rows are safe as they stand; nothing else may hold the process now
        log.info("stopping", signal=which.name)
        self.stop.set()


@click.command("run", help=texts.RUN)
@click.option("--roles", default="", help=texts.ROLES)
def command(roles: str) -> None:
    """Exit code 0 after a clean stop."""
    settings = environment.settings(**{"IMAGINE_ROLES": roles} if roles else {})
    configure_logs(settings.imagine_log_level)
    if settings.imagine_secret is None:
        add_secret(kept_secret(settings.imagine_data_dir))
    asyncio.run(serve(settings))


def calm_collector() -> None:
    """What stands after the start stays: without this each full collection walks through it, and everybody waits 0.2 s."""
    gc.collect()
    gc.freeze()


async def serve(settings: Settings) -> None:
    """One life of the bot. Raises StartError."""
    signals = Signals()
    with uncollected():
        bot = Bot(settings)
    starting = asyncio.create_task(bot.start())
    asked = asyncio.create_task(signals.stop.wait())
    try:
        await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            calm_collector()
            _welcome(bot)
            await asked
    finally:
        await _ended(starting)
        asked.cancel()
        await bot.stop()


def _welcome(bot: Bot) -> None:
    """The one line on standard output: where the playground is."""
    if Platform.PLAYGROUND in bot.takes:
        click.echo(texts.playground(bot.url))
    if not set(bot.fronts) - {Platform.API} and not bot.settings.on_server:
        log.warning(texts.NOBODY)


async def _ended(starting: asyncio.Task[None]) -> None:
    """A start that was interrupted is over before anything is closed under it."""
    starting.cancel()
    await asyncio.wait({starting})

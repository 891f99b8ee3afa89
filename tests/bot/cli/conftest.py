"""The command line in this process, in an empty folder and without the machine's own settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.app import cli
from bot.settings import describe

Invoke = Callable[..., Awaitable[Result]]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """A call with settings as keywords; in a thread, since each command has a loop of its own."""
    monkeypatch.chdir(tmp_path)
    for row in describe():
        monkeypatch.delenv(row.name, raising=False)

    async def run(*arguments: str, **settings: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli, arguments, env=settings, prog_name="imagine-bot")

    return run

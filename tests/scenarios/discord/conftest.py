"""A Discord with a bot whose sketch draws at once (`server`), or whose provider waits for the scenario (`studio`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.server import Server, open_server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """With the built-in provider, drawing at once."""
    async with open_server(tmp_path) as opened:
        yield opened


@dataclass
class Studio:
    """A server and the easel that its bot draws with."""

    server: Server
    easel: Easel


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    """With a provider that draws when the scenario says so."""
    easel = Easel()
    async with open_server(tmp_path, easel) as opened:
        yield Studio(opened, easel)

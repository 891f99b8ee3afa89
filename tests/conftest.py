"""For every test: the bot's log goes to pytest's, not to the standard output that some tests read. Long files go first."""

from __future__ import annotations

import functools
import gc
import logging
import os
from collections.abc import Iterator

import httpx
import pytest
import structlog
from hypothesis import settings

from tests.support.objects import object_server, s3  # noqa: F401  (fixtures)

settings.register_profile("short", max_examples=25, deadline=None)
settings.register_profile("long", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.format_exc_info,
    structlog.processors.KeyValueRenderer(key_order=["event"]),
]

LONG = ("tests/chaos/", "tests/scenarios/", "tests/test_packaging.py")
"""Files that take longest, by how their names begin; the first ones start first."""


# Reading the certificates takes 16 ms for each of some thousand HTTP clients, and no test reaches beyond loopback.
setattr(httpx._transports.default, "create_ssl_context", functools.cache(httpx.create_ssl_context))  # noqa: B010  (not exported)


def pytest_configure(config: pytest.Config) -> None:
    """Without this xdist begins with the files of most tests, which are quick, and ends with the long one on one core."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order of files, and so of xdist's `loadfile`; within a file nothing changes."""
    items.sort(key=lambda item: next((rank for rank, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the garbage collector need not look through it again during the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """For contracts of the stores: what opens a database in this test gets a SQLite file, then a real Postgres."""
    from tests.support import databases

    with databases.backend(request.param):
        yield request.param


@pytest.fixture(autouse=True)
def logs_of_tests() -> Iterator[None]:
    """A test that sets the bot's logs up (`configure_logs`) leaves no handler behind."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    structlog.configure(processors=PROCESSORS, logger_factory=structlog.stdlib.LoggerFactory())
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(processors=PROCESSORS, logger_factory=structlog.stdlib.LoggerFactory())

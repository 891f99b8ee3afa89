"""For every test: the bot's log goes to pytest's, not to the standard output that some tests read."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.format_exc_info,
    structlog.processors.KeyValueRenderer(key_order=["event"]),
]


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

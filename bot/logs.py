"""Structured logs of our own and of every library, on one stream: JSON for machines, colours for a terminal.

Known secrets are cut out of the finished line, so that they can hide in no field, no traceback and no library's message.
"""

from __future__ import annotations

import io
import json as jsonlib
import logging
import re
import sys
from contextlib import AbstractContextManager
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6
"""Characters; anything shorter would cut holes into ordinary words."""
TOKENS = re.compile(r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{6,}")
"""Slack's tokens by their shape: those of workspaces that install the bot stand in no setting."""
CHATTY = ("alembic", "httpx", "PIL", "urllib3", "asyncio", "uvicorn.access", "hpack", "procrastinate")
"""Libraries that tell every request at INFO: below WARNING they speak only when everything is asked for."""
TELL_TALES = ("aiosqlite", "discord", "slack_bolt", "slack_sdk", "httpcore")
"""Libraries that at DEBUG write out rows, events and headers: who says what. They are never heard below INFO."""
STATEMENTS = "sqlalchemy"
"""Writes out every statement with its values at INFO already."""
OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "discord", "slack_bolt", "slack_sdk", "alembic", "py.warnings")
"""Libraries that may have brought handlers of their own."""


class Secrets:
    """What must never stand in a log, in every spelling that a renderer may give it."""

    def __init__(self) -> None:
        """Nothing is secret yet."""
        self._spellings: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, value: str) -> None:
        """Hide `value` from now on; values under SHORTEST_SECRET characters are left alone."""
        if len(value) < SHORTEST_SECRET:
            return
        plain = {value, quote(value, safe=""), quote(value), repr(value)[1:-1], jsonlib.dumps(value)[1:-1]}
        self._spellings |= plain | {jsonlib.dumps(one)[1:-1] for one in plain}
        longest_first = sorted(self._spellings, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def hide(self, line: str) -> str:
        """The line without secrets."""
        return TOKENS.sub(HIDDEN, self._pattern.sub(HIDDEN, line) if self._pattern else line)


SECRETS = Secrets()


def add_secret(value: str) -> None:
    """Hide `value` in every log line from now on."""
    SECRETS.add(value)


def bound(
    *, job: str = "", user: str = "", community: str = "", provider: str = "", attempt: int | None = None
) -> AbstractContextManager[None]:
    """Put these on every line that is logged inside; empty ones are left out. `community`: guild or workspace."""
    named = {"job": job, "user": user, "community": community, "provider": provider, "attempt": attempt}
    return structlog.contextvars.bound_contextvars(
        **{name: value for name, value in named.items() if value not in ("", None)}
    )


def configure_logs(level: str = "info", json: bool | None = None, stream: TextIO | None = None) -> None:
    """Send everything at `level` (debug, info, warning, error, critical) and above to `stream` (standard error).

    `json` None: JSON unless the stream is a terminal. May be called again: the last call holds.
    """
    stream = stream or sys.stderr
    terminal = stream.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    as_json = not terminal if json is None else json
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json=as_json, colors=terminal), _hide]
    handler = LineHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    _route(handler, logging.getLevelNamesMapping()[level.upper()])


def _renderers(*, as_json: bool, colors: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [_flat_event, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=_indented_traceback)]


def _flat_event(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """What a library says on one line, and no control character in it: a terminal obeys those, and readers believe lines."""
    line["event"] = harmless(str(line.get("event", "")))
    return line


def harmless(text: str) -> str:
    """What no terminal obeys and no reader takes for another line: everything that does not print is written out."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _indented_traceback(stream: TextIO, failure: ExcInfo) -> None:
    """An exception's text may be anybody's: no line of it begins where lines of the log begin."""
    whole = io.StringIO()
    structlog.dev.plain_traceback(whole, failure)
    lines = whole.getvalue().strip("\n").split("\n")
    stream.write("\n" + "\n".join(f"  {harmless(line)}" for line in lines))


def _hide(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
    """The last processor: what comes in is the finished line."""
    return SECRETS.hide(str(line))


def _route(handler: logging.Handler, level: int) -> None:
    """One handler for the whole process; libraries lose theirs and hand everything up."""
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate, logger.disabled = [], True, False
        logger.setLevel(logging.NOTSET)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if level <= logging.DEBUG else max(level, logging.WARNING))
    for name in TELL_TALES:
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    logging.getLogger(STATEMENTS).setLevel(max(level, logging.WARNING))


class LineHandler(logging.StreamHandler[TextIO]):
    """Writes lines; one that cannot be made into text is named without its contents, which may hold a secret."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the standard library's name
        """Instead of a traceback with the raw message on standard error."""
        fault = sys.exc_info()[0]
        said = {"event": "log line lost", "level": "error", "logger": record.name, "fault": fault.__name__ if fault else ""}
        try:
            self.stream.write(jsonlib.dumps(said | {"at": f"{record.filename}:{record.lineno}"}) + self.terminator)
        except (OSError, ValueError):
            return  # the stream itself is gone: there is nowhere left to say it

"""Interactions that were told "an answer follows", in a file: who comes after a kill can still end them.

Discord shows "thinking" for fifteen minutes otherwise. A line costs one write to the page cache, which outlives the process;
a request that became a job needs none, as its row ends it, but that is not known yet when the promise is made.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from bot.discord.convert import TOKEN_SECONDS
from bot.jobs.ports import Clock

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Promise:
    """`hidden`, `silent`: how it was deferred (see `respond.Stage`); `ends`: when its token does."""

    interaction: str
    application: str
    token: str
    hidden: bool
    silent: bool
    ends: float


class Promises:
    """Of one process. Without a path, or where another process has the file, nothing is kept: a kill leaves them open."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        """Nothing is touched before `begin`."""
        self._path = path
        self._clock = clock
        self._file = -1
        self._open: set[str] = set()

    def begin(self) -> list[Promise]:
        """Take the file; returns what an earlier life left open and can still be answered."""
        if self._path is None or self._file >= 0:
            return []
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left = _left(self._path.read_text("utf-8", errors="replace"), self._clock())
            os.ftruncate(self._file, 0)
        except OSError as error:
            log.warning("discord promises are not kept", why=str(error))
            self.end()
            return []
        return left

    def make(self, interaction: str, application: str, token: str, *, hidden: bool, silent: bool) -> None:
        """Before Discord is told. Arguments as in `Promise`."""
        ends = self._clock() + TOKEN_SECONDS
        self._open.add(interaction)
        self._write(asdict(Promise(interaction, application, token, hidden, silent, ends)))

    def keep(self, interaction: str) -> None:
        """It was answered, or nobody waits for the answer."""
        if interaction not in self._open:
            return
        self._open.remove(interaction)
        if self._open:
            self._write({"kept": interaction})
        elif self._file >= 0:
            with suppress(OSError):
                os.ftruncate(self._file, 0)

    def end(self) -> None:
        """Give the file back; what stands in it is for the next life."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def _write(self, line: dict[str, object]) -> None:
        if self._file < 0:
            return
        try:
            os.write(self._file, json.dumps(line).encode() + b"\n")
        except OSError as error:
            log.warning("discord promise not written", why=str(error))


def _left(text: str, now: float) -> list[Promise]:
    """A line that was cut off, or is none of ours, is left out."""
    found: dict[str, Promise] = {}
    for line in text.splitlines():
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            read = json.loads(line)
            if "kept" in read:
                found.pop(read["kept"], None)
            else:
                promise = Promise(**read)
                found[promise.interaction] = promise
    return [promise for promise in found.values() if now < promise.ends <= now + TOKEN_SECONDS]

"""Tokens of interactions that Discord takes no more, though their fifteen minutes are not over: not asked by again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.discord.faults import TokenDeadError
from bot.discord.routes import alive
from bot.jobs.model import Job
from bot.jobs.ports import Clock

KEPT = 2000
"""Jobs whose dead tokens are remembered; after a restart each is asked by once more."""


class Tokens:
    """Which jobs' tokens may still be used."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._dead: dict[str, None] = {}

    def alive(self, job: Job) -> bool:
        """Whether it is worth a request."""
        return job.reply is not None and alive(job.reply, self._clock()) and job.id not in self._dead

    @contextmanager
    def watch(self, job: Job) -> Iterator[None]:
        """A call by the job's token: if Discord says that it is dead for all calls, that is remembered."""
        try:
            yield
        except TokenDeadError as error:
            if error.wholly:
                self._dead[job.id] = None
                while len(self._dead) > KEPT:
                    del self._dead[next(iter(self._dead))]
            raise

"""Whether asks are taken now, and the core behind it."""

from __future__ import annotations

from bot.api.problems import Problem
from bot.jobs.core import Core
from bot.texts import api as texts


class Door:
    """Closed before the start and from the stop on."""

    def __init__(self) -> None:
        """Closed: no core yet."""
        self._core: Core | None = None
        self.stopping = False

    def open(self, core: Core) -> None:
        """Asks go to this core from now on."""
        self._core = core

    @property
    def is_open(self) -> bool:
        """Whether asks are taken."""
        return self._core is not None and not self.stopping

    def core(self) -> Core:
        """The core; raises Problem while the door is closed."""
        if self.stopping:
            raise Problem("stopping", texts.STOPPING, wait=60.0)
        if self._core is None:
            raise Problem("starting", texts.STARTING, wait=5.0)
        return self._core

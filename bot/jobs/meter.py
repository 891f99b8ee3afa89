"""What happened, for whoever counts it: a port without a library behind it. Nobody counts unless wiring says so."""

from __future__ import annotations

from typing import Protocol

from bot.jobs.model import Action, JobState
from bot.jobs.place import Platform


class Meter(Protocol):
    """Every method is quick, blocks nothing and raises nothing. Seconds are floats; no argument names a person or a job."""

    def accepted(self, platform: Platform, action: Action, provider: str) -> None:
        """Job row and reservation have committed."""
        ...

    def began(self, provider: str, seconds: float) -> None:
        """The first paid request of a job is written down, so long after its acceptance."""
        ...

    def called(self, provider: str, outcome: str) -> None:
        """What came of a paid request: accepted, done, unknown, or why it was refused (a Family, deadline, ...)."""
        ...

    def drawn(self, provider: str, by: str, seconds: float) -> None:
        """A paid request is done. `by`: inline (in the reply itself), webhook, or poll."""
        ...

    def retried(self, state: JobState, why: str) -> None:
        """A step will be tried again, or with another provider (`why` elsewhere)."""
        ...

    def imaged(self, work: str, seconds: float) -> None:
        """Pixels: check, grid, fit or chart, waiting for a worker included."""
        ...

    def delivered(self, platform: Platform, seconds: float) -> None:
        """From the provider's last picture to the message that shows it."""
        ...

    def ended(self, state: JobState, provider: str, seconds: float) -> None:
        """A job has ended, so long after its acceptance."""
        ...

    def answered(self, platform: Platform, seconds: float) -> None:
        """A use case has given its Answer."""
        ...

    def acknowledged(self, platform: Platform, seconds: float) -> None:
        """The platform got its first answer to what somebody did."""
        ...

    def chatted(self, platform: Platform, call: str, outcome: str, seconds: float) -> None:
        """A call of the Chat port: `outcome` ok, or a ChatFault."""
        ...

    def hooked(self, provider: str, status: int) -> None:
        """A webhook was answered with this HTTP status."""
        ...

    def replied(self, side: str, whom: str, status: int) -> None:
        """One HTTP reply. `side`: chat or provider; `whom`: which; `status` 0: none came."""
        ...

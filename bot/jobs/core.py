"""The one door for front ends: every use case of the core behind one object."""

from __future__ import annotations

from typing import Protocol

from bot.jobs.asks import Answer, Command, Imagine, Press, Submission
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.surface import Card, Choice


class Core(Protocol):
    """What a front end may call. No method raises for bad input: the Answer says what was wrong."""

    async def imagine(self, asked: Imagine) -> Answer:
        """`/imagine`: a Placeholder or a Private refusal. Empty text without image: an OpenForm."""
        ...

    async def command(self, asked: Command) -> Answer:
        """Every other command of the catalog."""
        ...

    async def press(self, asked: Press) -> Answer:
        """A button or a menu."""
        ...

    async def submit(self, asked: Submission) -> Answer:
        """A Form that came back."""
        ...

    async def placed(self, job_id: str, message: MessageRef) -> None:
        """The front end showed the placeholder (only where `Ask.answers`)."""
        ...

    async def unplaced(self, job_id: str) -> None:
        """The acknowledgement failed (Discord 10062): cancel, nothing is charged."""
        ...

    async def became_job(self, platform: Platform, key: str) -> bool:
        """Whether the request of that key (`Ask.key`) is a job. Raises StoreUnavailable."""
        ...

    async def suggest(self, option: str, typed: str, place: Place) -> list[Choice]:
        """At most 25 entries for an option's autocomplete: provider, ratio, style (the community's own, too), name."""
        ...

    async def joined(self, place: Place, adder: str) -> Card | None:
        """The bot was added to a guild or workspace by the user with that id: the set-up guide to show them, once."""
        ...

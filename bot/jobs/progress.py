"""Progress edits, merged to at most one per interval and message. Best effort: they never delay or overwrite the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.jobs.model import Job
from bot.jobs.ports import Chat, ChatError
from bot.jobs.surface import Card

log = structlog.get_logger()


@dataclass(slots=True)
class _Message:
    """One message's edits. `latest` is what it should show; `shown` what it shows."""

    job: Job
    chat: Chat
    latest: Card
    shown: Card | None = None
    rest: float = 0.0
    editing: bool = False
    task: asyncio.Task[None] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class ProgressEditor:
    """Keeps one small task per message that is being edited."""

    def __init__(self) -> None:
        """Nothing is known of any message at first: the placeholder's own Card is told by `begin`."""
        self._messages: dict[str, _Message] = {}

    def show(self, chat: Chat, job: Job, card: Card) -> None:
        """Make the job's message show `card` as soon as the interval allows; a newer Card replaces an older one."""
        if job.message is None:
            return
        known = self._messages.get(job.id)
        if known is None:
            known = self._messages[job.id] = _Message(job, chat, card, rest=chat.limits.progress_seconds)
            known.task = asyncio.create_task(self._edit(known))
        known.job, known.latest = job, card
        known.changed.set()

    async def settle(self, job_id: str) -> None:
        """Stop editing this message; returns when no edit is under way any more."""
        known = self._messages.pop(job_id, None)
        if known is None or known.task is None:
            return
        if not known.editing:
            known.task.cancel()
        await asyncio.wait([known.task])

    async def close(self) -> None:
        """The process stops: no more progress; the next start shows where things stand."""
        for job_id in list(self._messages):
            await self.settle(job_id)

    async def _edit(self, message: _Message) -> None:
        while self._messages.get(message.job.id) is message:
            await message.changed.wait()
            message.changed.clear()
            if message.latest == message.shown:
                continue
            await self._once(message)
            await asyncio.sleep(message.rest)

    async def _once(self, message: _Message) -> None:
        card, message.editing = message.latest, True
        try:
            await message.chat.edit(message.job, card)
            message.shown, message.rest = card, message.chat.limits.progress_seconds
        except ChatError as error:
            message.rest = max(message.chat.limits.progress_seconds, error.retry_after or 0.0) * 2
            log.info("progress edit failed", job=message.job.id, fault=error.fault)
        finally:
            message.editing = False

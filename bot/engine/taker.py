"""procrastinate's worker, without the moment in which it overhears that there is something to do."""

from __future__ import annotations

from procrastinate.jobs import Notification
from procrastinate.worker import Worker
from typing_extensions import override


class Taker(Worker):
    """Asks once more where a notification came while it asked.

    procrastinate (3.10, worker.py) forgets what it heard until its question is answered, and takes a wake that came in
    between only at its next poll: one in seven wakes waited for it where each followed upon the look before. Should a later
    version change the inside of the class, the poll remains.
    """

    _heard = 0

    @override
    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        self._heard += 1
        await super()._handle_notification(channel=channel, notification=notification)

    @override
    async def _fetch_and_process_jobs(self) -> None:
        known = -1
        while known != self._heard:
            known = self._heard
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]

"""One process of several does what must not be done twice at a time: it holds a lock of the server's for its session."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog
from psycopg import AsyncConnection, Error

from bot.cut import cut

log = structlog.get_logger(__name__)
SPACE, NUMBER = 0x1A61, 101
EVERY_SECONDS = 2.0
"""Between two tries, and between two looks whether the session still stands."""
ANSWER_SECONDS = 5.0
"""A server that does not answer for so long may have given the lock away."""


class Duty(Protocol):
    """What only the leader does; it may be started again after it was stopped."""

    def start(self) -> None:
        """In the running event loop."""
        ...

    async def stop(self) -> None:
        """Returns when nothing of it is under way any more."""
        ...


class Leader:
    """Starts `duties` while this process holds the lock. When it dies, its session ends and another one takes over.

    For a few seconds after a line broke there may be two: duties must bear that (notices carry a key that chats know).
    """

    def __init__(self, url: str, duties: Sequence[Duty], *, every: float = EVERY_SECONDS) -> None:
        """`url`: postgresql://..., without a pooler that shares sessions."""
        self._url, self._duties, self._every = url, duties, every
        self._task: asyncio.Task[None] | None = None
        self.leads = False

    def start(self) -> None:
        """Try from now on."""
        self._task = asyncio.create_task(self._run(), name="leader")

    async def stop(self) -> None:
        """Give the lock back, if it was held; another process has it within seconds."""
        if self._task is not None:
            await cut([self._task])
            self._task = None

    async def _run(self) -> None:
        while True:
            try:
                await self._candidate()
            except (Error, OSError, TimeoutError) as error:
                log.warning("no word from the server about who leads", error=str(error) or type(error).__name__)
            await asyncio.sleep(self._every)

    async def _candidate(self) -> None:
        """One session, until it breaks."""
        async with asyncio.timeout(2 * ANSWER_SECONDS):
            connection = await AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=round(ANSWER_SECONDS), application_name="imagine-bot leader"
            )
        try:
            while True:
                if await self._asked(connection, "SELECT pg_try_advisory_lock(%s, %s)", (SPACE, NUMBER)):
                    await self._lead(connection)
                await asyncio.sleep(self._every)
        finally:
            await connection.close()

    async def _lead(self, connection: AsyncConnection) -> None:
        log.info("leads: carries notices, sweeps, watches the providers")
        self.leads = True
        for duty in self._duties:
            duty.start()
        try:
            while True:
                await asyncio.sleep(self._every)
                await self._asked(connection, "SELECT true", ())
        finally:
            self.leads = False
            for duty in self._duties:
                await duty.stop()

    async def _asked(self, connection: AsyncConnection, question: str, values: tuple[int, ...]) -> bool:
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await (await connection.execute(question.encode(), values)).fetchone()
        return bool(answer and answer[0])

"""Many questions at the same time become one request, for APIs that answer about many things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from itertools import islice
from typing import Generic, TypeVar

R = TypeVar("R")
Question = Callable[[Sequence[str]], Awaitable[Mapping[str, R]]]
"""Up to `most` different refs in, the record of each that is known out. What it raises, every asker gets."""

WINDOW = 0.05
"""Seconds that the first asker waits for others."""


class Batch(Generic[R]):
    """Gathers refs for `window` seconds, or as long as a question is under way, and asks for up to `most` at once."""

    def __init__(self, question: Question[R], *, most: int, window: float = WINDOW) -> None:
        """`most`: refs of one request. Opens nothing; lives in one event loop."""
        self._question = question
        self._most = most
        self._window = window
        self._waiting: dict[str, list[asyncio.Future[R | None]]] = {}
        self._askers = 0
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, ref: str) -> R | None:
        """The record of `ref`; None: the answer leaves it out. Raises what the question raises."""
        future: asyncio.Future[R | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(ref, []).append(future)
        self._askers += 1
        if self._rounds is None:  # a context of its own: the log of one asker's job must not stand in everyone's lines
            self._rounds = asyncio.create_task(self._ask_all(), context=Context())
        try:
            return await future
        finally:
            self._askers -= 1
            if future.cancelled():
                await self._leave(ref, future)

    async def _leave(self, ref: str, future: asyncio.Future[R | None]) -> None:
        """One that waits no longer; nobody's question is not asked, and not left running."""
        there = self._waiting.get(ref, [])
        if future in there:
            there.remove(future)
        if not there:
            self._waiting.pop(ref, None)
        rounds = self._rounds
        if self._askers == 0 and rounds is not None:
            self._rounds = None  # whoever asks from here on starts anew
            rounds.cancel()
            await asyncio.wait([rounds])

    async def _ask_all(self) -> None:
        """One question after another until nobody waits."""
        await asyncio.sleep(self._window)
        while self._waiting:
            taken = {ref: self._waiting.pop(ref) for ref in list(islice(self._waiting, self._most))}
            await self._ask_for(taken)
        self._rounds = None

    async def _ask_for(self, taken: Mapping[str, Sequence[asyncio.Future[R | None]]]) -> None:
        waiting = [(ref, future) for ref, futures in taken.items() for future in futures]
        try:
            found = await self._question(list(taken))
        except Exception as error:  # noqa: BLE001 - every asker raises it; none is swallowed
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for ref, future in waiting:
            if not future.done():
                future.set_result(found.get(ref))

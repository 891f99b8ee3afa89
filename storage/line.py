"""The waiting line, read once for everybody who asks meanwhile: ranking costs as much for one job as for all."""

from __future__ import annotations

import asyncio

from storage import fair
from storage.db import Database


class Line:
    """Exact: nobody is told of a line that was read before they asked."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db
        self._turn = asyncio.Lock()
        self._asked = self._read = 0
        self._places: dict[str, int] = {}

    async def ahead(self, job_id: str) -> int:
        """How many waiting jobs go before this one; 0 for one that does not wait."""
        self._asked += 1
        mine = self._asked
        async with self._turn:
            if self._read < mine:
                newest = self._asked
                async with self._db.read() as connection:
                    self._places = await fair.line(connection)
                self._read = newest
            return self._places.get(job_id, 0)

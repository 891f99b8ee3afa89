"""What a scrape of the figures asks: open jobs by the index of states, and new lines of the ledger by their number."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from bot.jobs.model import OPEN
from bot.metrics.rows import Figures
from storage.db import Database
from storage.tables import jobs, ledger

GOING = [state.value for state in OPEN]


def open_jobs() -> Select[str, str, int, float]:
    """Rows of open jobs alone: what has ended is never looked at."""
    columns = (jobs.c.state, jobs.c.provider, func.count(), func.min(jobs.c.created_at))
    return select(*columns).where(jobs.c.state.in_(GOING)).group_by(jobs.c.state, jobs.c.provider)


def new_lines(since: int) -> Select[str, int, int, int]:
    """A range of the primary key."""
    columns = (ledger.c.kind, func.count(), func.sum(func.abs(ledger.c.units)), func.max(ledger.c.id))
    return select(*columns).where(ledger.c.id > since).group_by(ledger.c.kind)


class RowFigures:
    """Implements `Rows`. Several processes each tell of the whole database: take the largest, not the sum.

    On Postgres a line whose transaction ends after that of a later number may be missed: figures, not books.
    """

    def __init__(self, db: Database) -> None:
        """What the ledger holds at the first question is where the counting begins."""
        self._db = db
        self._line: int | None = None

    async def figures(self, now: float) -> Figures:
        """Two short reads."""
        async with self._db.read() as connection:
            if self._line is None:
                self._line = int((await connection.execute(select(func.max(ledger.c.id)))).scalar() or 0)
            going = (await connection.execute(open_jobs())).all()
            lines = (await connection.execute(new_lines(self._line))).all()
        self._line = max([self._line, *(int(line[3]) for line in lines)])
        oldest: dict[str, float] = {}
        for state, _, _, first in going:
            oldest[state] = max(oldest.get(state, 0.0), now - first)
        counts = {(state, provider): int(count) for state, provider, count, _ in going}
        return Figures(counts, oldest, {kind: (int(count), int(units)) for kind, count, units, _ in lines})

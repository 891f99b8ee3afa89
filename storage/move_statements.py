"""What `storage.moves` writes: leases, placing, starting, and the guarded update that every step ends with."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import and_, case, or_, select, update

from bot.jobs.model import OPEN, JobState
from storage.prepared import Prepared, let
from storage.tables import jobs

OPEN_STATES = [state.value for state in OPEN]
FREE = or_(jobs.c.lease.in_(["", let("lease")]), jobs.c.lease_until <= let("free_at"))
CLAIM = Prepared(
    update(jobs)
    .where(jobs.c.id == let("job"), FREE)
    .values(lease=let("lease"), lease_until=let("until"), due_at=let("until"))
    .returning(*jobs.c)
)
SOONER = case((jobs.c.due_at < jobs.c.lease_until, jobs.c.due_at), else_=let("due_at", jobs.c.due_at.type))
RELEASE = Prepared(
    update(jobs)
    .where(jobs.c.id == let("job"), jobs.c.lease == let("lease"))
    .values(lease="", lease_until=0.0, due_at=SOONER)
)
PLACED = Prepared(
    update(jobs)
    .where(jobs.c.id == let("job"), jobs.c.state == JobState.NEW.value)
    .values(
        state=case((jobs.c.hold != "", JobState.HELD.value), else_=JobState.QUEUED.value),
        queued_at=case((jobs.c.hold == "", let("now")), else_=None),
        message=let("message"),
        due_at=let("now"),
    )
    .returning(*jobs.c)
)
PLACED_LATE = Prepared(
    update(jobs)
    .where(jobs.c.id == let("job"), jobs.c.message.is_(None), jobs.c.state.not_in(OPEN_STATES))
    .values(told=False, message=let("message"), due_at=let("now"))
)
START = Prepared(
    update(jobs)
    .where(jobs.c.id == let("job"), jobs.c.state == JobState.QUEUED.value)
    .values(state=JobState.SUBMITTING.value, due_at=let("now"), started_at=let("now"), not_before=None, attempts=0)
    .returning(jobs.c.id)
)
"""One that was cancelled since it was read is left alone."""
QUEUED = Prepared(select(jobs.c.id).where(jobs.c.state == JobState.QUEUED.value).limit(1))
UNLESS_DELETED = case((jobs.c.deleted, False), else_=let("is_told", jobs.c.told.type))
"""Deleted while this step ran: the message is still to be removed."""
AS_IT_WAS = and_(jobs.c.deleted == let("was_deleted"), jobs.c.hidden == let("was_hidden"))
"""What somebody deleted or hid since the job was read is not in the chat yet."""
TOLD = {"told": case((AS_IT_WAS, True), else_=False), "due_at": case((AS_IT_WAS, jobs.c.lease_until), else_=0.0)}


# What was held or is still to be told has a due time, too: by their indices both halves are few (SQLite takes none for
# IS NOT NULL).
CLEAR_LEASES = (
    update(jobs)
    .where(or_(jobs.c.state.in_(OPEN_STATES), jobs.c.due_at >= 0.0))
    .values(lease="", lease_until=0.0, due_at=0.0)
)
"""Nobody holds a job, and everything unfinished is looked at now: where no process is there that could hold one."""


@cache
def changing(*names: str, kind: str = "") -> Prepared:
    """The guarded update of these columns; `kind`: what else changes. It returns the row as it is then.

    Due again when the lease ends unless told otherwise: what was due before this step is done.
    """
    more: dict[str, Any] = {"end": {"told": UNLESS_DELETED}, "tell": TOLD}.get(kind, {})
    values = {"due_at": jobs.c.lease_until} | more | {name: let(name) for name in names}
    mine = (jobs.c.id == let("job"), jobs.c.state == let("was"), jobs.c.lease == let("mine"))
    return Prepared(update(jobs).where(*mine).values(**values).returning(*jobs.c))

"""What a job's message shows before it can't be edited any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.jobs.card import LAST_SECONDS, card
from bot.jobs.model import JobState
from bot.jobs.place import Reply
from bot.texts import states
from tests.support.rows import new_job

END = 1_000.0


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
@pytest.mark.parametrize(("now", "reachable", "last"), [
    (END - LAST_SECONDS - 1, False, False),
    (END - LAST_SECONDS + 1, False, True),
    (END - LAST_SECONDS + 1, True, False),
])  # fmt: skip
def test_the_last_word_where_only_the_token_speaks(state: JobState, now: float, *, reachable: bool, last: bool) -> None:
    job = new_job("ann", at=100.0, units=4)
    job = replace(job, state=state, reply=Reply("token", END), place=replace(job.place, reachable=reachable))
    shown = card(job, "fake", now, can_cancel=True)
    assert ((states.DIRECTLY in shown.lines), shown.rows == ()) == (last, last)


def test_the_end_is_shown_as_ever() -> None:
    job = new_job("ann", at=100.0, units=4)
    job = replace(job, state=JobState.FAILED, reply=Reply("token", END), place=replace(job.place, reachable=False))
    assert card(job, "fake", END, can_cancel=True).rows

"""The rows of faulty providers as verdicts: one for each family of faults, all of a part in one bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.jobs.steps import fetch
from tests.chaos import audit, books
from tests.chaos.books import Books
from tests.chaos.recovery import END_SECONDS, Verdict
from tests.faults.endings import wrong
from tests.faults.market import Market, Seen, market
from tests.faults.provider_rows import Part, Row

FAMILIES = {
    "slow": "slow", "busy": "429, with and without Retry-After", "own": "5xx of its own", "gateway": "a gateway's 5xx",
    "hang": "hangs", "nobody": "nobody listens", "cut": "cut before or after the request was read",
    "reply": "replies malformed or truncated", "status": "status busy, failing, cut, malformed", "runs": "runs for ever",
    "done": "success without pictures", "too": "too few or too many pictures",
    "download": "pictures that 404, expire, stall, are huge or no pictures", "inline": "inline pictures that are none",
    "webhook": "webhooks lost, doubled, early, late, out of order",
}  # fmt: skip
"""By the first word of a row's name."""


PATIENCE = 3 * END_SECONDS
"""Seconds from the command to the end of the message: all rows of a part are drawn at once."""


def family(row: Row) -> str:
    """The first word of its name."""
    return row.name.partition("-")[0]


@contextmanager
def small_pictures(size: int = 400_000) -> Iterator[None]:
    """What is too large is so at a hundredth of the real limit."""
    kept, fetch.PICTURE_BYTES = fetch.PICTURE_BYTES, size
    try:
        yield
    finally:
        fetch.PICTURE_BYTES = kept


async def endured(folder: Path, part: Part) -> list[Verdict]:
    """All rows of a part at once; a verdict for each family."""
    with small_pictures():
        async with market(folder, part.rows) as made:
            await asyncio.gather(*(made.begin(row) for row in part.rows))
            seen = await made.ends(part.rows, PATIENCE)
            messages = await made.people.messages()
            found = books.read(made.folder)
    names = list(dict.fromkeys(map(family, part.rows)))
    verdicts = [
        _verdict(name, [row for row in part.rows if family(row) == name], seen, found, made, messages) for name in names
    ]
    verdicts[0].charged += audit.sums_astray(found)
    return verdicts


def _verdict(
    name: str, rows: Sequence[Row], seen: dict[str, Seen], found: Books, made: Market, messages: dict[str, dict[str, Any]]
) -> Verdict:
    mine = _of(found, {made.jobs[row.name] for row in rows})
    paid = {key: times for key, times in made.bill.items() if key in mine.calls}
    verdict = Verdict(f"provider: {FAMILIES[name]}", len(rows), len(mine.jobs), books=mine)
    verdict.lost, verdict.doubled = list(audit.lost(mine)), list(audit.doubled(mine, paid))
    verdict.charged = [*audit.wrongly_charged(mine), *audit.spend_astray(mine)]
    verdict.unended = list(audit.unended_messages(mine, messages))
    verdict.others = [line for row in rows for line in wrong(row, seen[row.name], PATIENCE)]
    verdict.seconds = max(seen[row.name].seconds for row in rows)
    return verdict


def _of(found: Books, jobs: set[str]) -> Books:
    """These jobs' rows alone."""
    calls = {key: call for key, call in found.calls.items() if call["job_id"] in jobs}
    ledger, spend = ([line for line in lines if line["job_id"] in jobs] for lines in (found.ledger, found.spend))
    return Books({key: job for key, job in found.jobs.items() if key in jobs}, calls, ledger, spend)
